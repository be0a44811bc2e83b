#include <memory>

#include "helper/capture/packet_source.h"
#include "helper/cli/command.h"
#include "helper/cli/exit_code.h"
#include "helper/cli/show_rows.h"

namespace pr::cli {
namespace {

const std::vector<view::OutputColumn> kColumns = {
    {"name", "Name", CellType::kText, false},          {"state", "State", CellType::kText, false},
    {"default", "Default", CellType::kBool, false},    {"addresses", "Addresses", CellType::kList, false},
    {"link_type", "Link type", CellType::kUint, true}, {"description", "Description", CellType::kText, false}};

int list(bool json) {
  const auto interfaces = capture::list_interfaces();
  if (!interfaces.ok()) return fail(interfaces.status());
  const auto first = capture::default_interface();
  std::vector<Row> rows;
  for (const capture::Interface& one : *interfaces) {
    const bool is_default = first.ok() && *first == one.name;
    Cell mark = json ? Cell(is_default) : Cell(std::string(is_default ? "yes" : ""));
    Cell description = one.description.empty() ? Cell() : Cell(one.description);
    rows.push_back({one.name,
                    std::string(one.running ? "running"
                                : one.up    ? "up"
                                            : "down"),
                    std::move(mark), one.addresses, std::uint64_t{one.link_type}, std::move(description)});
  }
  return show_rows(kColumns, rows, json, "interface");
}

}  // namespace

void add_list_interfaces(Program& program) {
  CLI::App& command = add_command(program, program.app, "list-interfaces", "Interfaces that can be recorded",
                                  "  packetrecorder list-interfaces\n"
                                  "  packetrecorder list-interfaces --json");
  const auto json = std::make_shared<bool>(false);
  command.add_flag("--json", *json, "An array of objects");
  command.callback([&program, json] { program.run = [json] { return list(*json); }; });
}

}  // namespace pr::cli
