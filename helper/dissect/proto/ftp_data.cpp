// FTP data connections: what the control connection had said of them. Their octets are nobody's.
#include "helper/dissect/proto/ftp/transfer.h"

#include <cstring>
#include <string>

#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

constexpr Bind kBinds[] = {{"tcp.port", 20}};

enum Field : std::uint16_t {
  kSetupFrame,
  kSetupMethod,
  kCommand,
  kCommandFrame,
};

constexpr FieldDef kFields[] = {
    {"ftp-data.setup-frame", "Setup frame", FieldType::kUint},
    {"ftp-data.setup-method", "Setup method", FieldType::kText},
    {"ftp-data.command", "Command", FieldType::kText},
    {"ftp-data.command-frame", "Command frame", FieldType::kUint},
};

constexpr const char* kMethods[] = {"", "PORT", "PASV", "EPRT", "EPASV"};

Outcome dissect_ftp_data(Cursor& in, LayerBuilder& out) {
  const auto& transfer = out.state<ftp::Transfer>();
  const std::size_t size = in.left();
  if (size == 0) return Outcome::kNotMine;
  if (!out.wanted()) {
    in.skip(size);
    return Outcome::kDone;
  }
  std::string info = "FTP Data: " + std::to_string(size) + " bytes";
  if (transfer.setup_frame != 0) {
    const char* method = kMethods[static_cast<std::size_t>(transfer.method) % std::size(kMethods)];
    out.add(kSetupFrame, transfer.setup_frame, {});
    out.add_text(kSetupMethod, method, {});
    info += std::string(" (") + method + ")";
  }
  if (transfer.command_frame != 0) {
    const std::string_view command(transfer.command, strnlen(transfer.command, sizeof transfer.command));
    out.add_text(kCommand, command, {});
    out.add(kCommandFrame, transfer.command_frame, {});
    info += " (" + std::string(command) + ")";
  }
  out.info(std::move(info));
  in.skip(size);
  return Outcome::kDone;
}

// Only its port tells: other protocols' openings come first.
Likeness probe_ftp_data(Bytes /*start*/, const ProbeHint& hint) { return hint.tcp ? Likeness::kMaybe : Likeness::kNo; }

}  // namespace

extern constinit const Dissector ftp_data_dissector{.name = "ftp-data",
                                                    .title = "FTP Data",
                                                    .column = "FTP-DATA",
                                                    .fields = kFields,
                                                    .binds = kBinds,
                                                    .dissect = &dissect_ftp_data,
                                                    .probe = &probe_ftp_data,
                                                    .stream = true};

}  // namespace pr::dissect
