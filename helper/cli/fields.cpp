#include <algorithm>
#include <memory>

#include "helper/cli/command.h"
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

int list(bool json) {
  const dissect::Registry registry;
  std::vector<Row> rows;
  for (const FieldInfo& info : registry.catalog().all()) {
    rows.push_back({info.name, std::string(type_text(info)), info.protocol, info.description});
  }
  std::ranges::sort(rows);
  return show_rows(kColumns, rows, json, "field");
}

}  // namespace

void add_fields(Program& program) {
  CLI::App& command = add_command(program, program.app, "fields", "Every field that can be shown or filtered",
                                  "  packetrecorder fields | grep tls.handshake\n"
                                  "  packetrecorder fields --json");
  const auto json = std::make_shared<bool>(false);
  command.add_flag("--json", *json, "An array of objects: name, type, protocol, description");
  command.callback([&program, json] { program.run = [json] { return list(*json); }; });
}

}  // namespace pr::cli
