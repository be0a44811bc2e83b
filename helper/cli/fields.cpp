#include <algorithm>
#include <cstdio>
#include <memory>

#include "helper/cli/command.h"
#include "helper/cli/exit_code.h"
#include "helper/cli/protocols.h"
#include "helper/cli/show_rows.h"
#include "helper/dissect/registry.h"

namespace pr::cli {
namespace {

const std::vector<view::OutputColumn> kColumns = {{"name", "Name", CellType::kText, false},
                                                  {"type", "Type", CellType::kText, false},
                                                  {"protocol", "Protocol", CellType::kText, false},
                                                  {"description", "Description", CellType::kText, false}};

const char* type_text(const FieldInfo& info) {
  if (info.is_protocol) return "protocol";
  switch (info.type) {
    case FieldType::kNone: return "none";
    case FieldType::kBool: return "boolean";
    case FieldType::kUint: return "unsigned";
    case FieldType::kInt: return "signed";
    case FieldType::kDouble: return "float";
    case FieldType::kText: return "text";
    case FieldType::kBytes: return "bytes";
    case FieldType::kEther: return "ethernet";
    case FieldType::kIpv4: return "ipv4";
    case FieldType::kIpv6: return "ipv6";
    case FieldType::kTime: return "time";
    case FieldType::kDuration: return "duration";
  }
  return "none";
}

const std::vector<view::OutputColumn> kProtocolColumns = {{"name", "Name", CellType::kText, false},
                                                          {"title", "Protocol", CellType::kText, false},
                                                          {"layer", "Layer", CellType::kText, false},
                                                          {"found_by", "Found by", CellType::kText, false},
                                                          {"fields", "Fields", CellType::kUint, true}};

struct Options {
  bool json = false, protocols = false, markdown = false;
};

int list(const Options& options) {
  const dissect::Registry registry;
  if (options.markdown) {
    std::fputs(protocols_page(registry).c_str(), stdout);
    return kOk;
  }
  if (options.protocols) return show_rows(kProtocolColumns, protocol_rows(registry), options.json, "protocol");
  std::vector<Row> rows;
  for (const FieldInfo& info : registry.catalog().all()) {
    rows.push_back({info.name, std::string(type_text(info)), info.protocol, info.description});
  }
  std::ranges::sort(rows);
  return show_rows(kColumns, rows, options.json, "field");
}

}  // namespace

void add_fields(Program& program) {
  CLI::App& command = add_command(program, program.app, "fields", "Every field that can be shown or filtered",
                                  "  packetrecorder fields | grep tls.handshake\n"
                                  "  packetrecorder fields --json\n"
                                  "  packetrecorder fields --protocols");
  const auto options = std::make_shared<Options>();
  command.add_flag("--json", options->json, "An array of objects: name, type, protocol, description");
  command.add_flag("--protocols", options->protocols, "The protocols instead: layer, how each is found, fields");
  command.add_flag("--markdown", options->markdown, "The protocols as a page in Markdown");
  command.callback([&program, options] { program.run = [options] { return list(*options); }; });
}

}  // namespace pr::cli
