// S7comm: how Siemens S7 controllers are programmed and read, over ISO transport. There is no public specification; the
// layout is as widely observed.
#include <algorithm>
#include <string>

#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

enum Field : std::uint16_t {
  kHeader,
  kHeaderProtid,
  kHeaderRosctr,
  kHeaderRedid,
  kHeaderPduref,
  kHeaderParlg,
  kHeaderDatlg,
  kHeaderErrcls,
  kHeaderErrcod,
  kParam,
  kParamFunc,
  kParamSetupReserved1,
  kParamMaxamqCalling,
  kParamMaxamqCalled,
  kParamPduLength,
  kParamItemcount,
  kParamItem,
  kParamItemVarspec,
  kParamItemVarspecLength,
  kParamItemSyntaxid,
  kParamItemTranspSize,
  kParamItemLength,
  kParamItemDb,
  kParamItemArea,
  kParamItemAddress,
  kParamItemAddressByte,
  kParamItemAddressBit,
  kParamUserdataHead,
  kParamUserdataLength,
  kParamUserdataReqres1,
  kParamUserdataType,
  kParamUserdataFuncgroup,
  kParamUserdataSubfunc,
  kParamUserdataSeqNum,
  kParamUserdataDataunitref,
  kParamUserdataLastdataunit,
  kParamErrcod,
  kData,
  kDataItem,
  kDataReturncode,
  kDataTransportsize,
  kDataLength,
  kDataUserdataSzlId,
  kDataUserdataSzlIndex,
  kRespData,
  kFieldCount
};

enum Type : std::uint8_t { kJob = 1, kAck = 2, kAckData = 3, kUserdata = 7 };
enum Function : std::uint8_t { kReadVar = 0x04, kWriteVar = 0x05, kSetup = 0xf0 };
constexpr NamedValue kTypes[] = {{kJob, "Job"}, {kAck, "Ack"}, {kAckData, "Ack_Data"}, {kUserdata, "Userdata"}};
constexpr NamedValue kFunctions[] = {
    {0x00, "CPU services"},   {0x04, "Read Var"},       {0x05, "Write Var"},    {0x1a, "Request download"},
    {0x1b, "Download block"}, {0x1c, "Download ended"}, {0x1d, "Start upload"}, {0x1e, "Upload"},
    {0x1f, "End upload"},     {0x28, "PI-Service"},     {0x29, "PLC Stop"},     {0xf0, "Setup communication"}};
constexpr NamedValue kAreas[] = {{0x03, "System info of 200 family"},
                                 {0x05, "System flags of 200 family"},
                                 {0x1c, "S7 counters (C)"},
                                 {0x1d, "S7 timers (T)"},
                                 {0x80, "Direct peripheral access (P)"},
                                 {0x81, "Inputs (I)"},
                                 {0x82, "Outputs (Q)"},
                                 {0x83, "Flags (M)"},
                                 {0x84, "Data blocks (DB)"},
                                 {0x85, "Instance data blocks (DI)"},
                                 {0x86, "Local data (L)"},
                                 {0x87, "Unknown yet (V)"}};
constexpr NamedValue kMethods[] = {{0x0, "Push"}, {0x4, "Request"}, {0x8, "Response"}};
constexpr NamedValue kGroups[] = {{0x0, "Mode-transition"}, {0x1, "Programmer commands"}, {0x2, "Cyclic services"},
                                  {0x3, "Block functions"}, {0x4, "CPU functions"},       {0x5, "Security"},
                                  {0x6, "PBC BSEND/BRECV"}, {0x7, "Time functions"},      {0xf, "NC programming"}};
constexpr NamedValue kReturnCodes[] = {{0x00, "Reserved"},
                                       {0x01, "Hardware error"},
                                       {0x03, "Accessing the object not allowed"},
                                       {0x05, "Invalid address"},
                                       {0x06, "Data type not supported"},
                                       {0x07, "Data type inconsistent"},
                                       {0x0a, "Object does not exist"},
                                       {0xff, "Success"}};
constexpr FieldDef kFields[kFieldCount] = {
    {"s7comm.header", "Header", FieldType::kNone},
    {"s7comm.header.protid", "Protocol Id", FieldType::kUint, Show::kHex, 8},
    {"s7comm.header.rosctr", "ROSCTR", FieldType::kUint, Show::kDec, 0, kTypes},
    {"s7comm.header.redid", "Redundancy Identification (Reserved)", FieldType::kUint, Show::kHex, 16},
    {"s7comm.header.pduref", "Protocol Data Unit Reference", FieldType::kUint},
    {"s7comm.header.parlg", "Parameter length", FieldType::kUint},
    {"s7comm.header.datlg", "Data length", FieldType::kUint},
    {"s7comm.header.errcls", "Error class", FieldType::kUint, Show::kHex, 8},
    {"s7comm.header.errcod", "Error code", FieldType::kUint, Show::kHex, 8},
    {"s7comm.param", "Parameter", FieldType::kNone},
    {"s7comm.param.func", "Function", FieldType::kUint, Show::kHex, 8, kFunctions},
    {"s7comm.param.setup_reserved1", "Reserved", FieldType::kUint, Show::kHex, 8},
    {"s7comm.param.maxamq_calling", "Max AmQ (parallel jobs with ack) calling", FieldType::kUint},
    {"s7comm.param.maxamq_called", "Max AmQ (parallel jobs with ack) called", FieldType::kUint},
    {"s7comm.param.pdu_length", "PDU length", FieldType::kUint},
    {"s7comm.param.itemcount", "Item count", FieldType::kUint},
    {"s7comm.param.item", "Item", FieldType::kNone},
    {"s7comm.param.item.varspec", "Variable specification", FieldType::kUint, Show::kHex, 8},
    {"s7comm.param.item.varspec_length", "Length of following address specification", FieldType::kUint},
    {"s7comm.param.item.syntaxid", "Syntax Id", FieldType::kUint, Show::kHex, 8},
    {"s7comm.param.item.transp_size", "Transport size", FieldType::kUint},
    {"s7comm.param.item.length", "Length", FieldType::kUint},
    {"s7comm.param.item.db", "DB number", FieldType::kUint},
    {"s7comm.param.item.area", "Area", FieldType::kUint, Show::kHex, 8, kAreas},
    {"s7comm.param.item.address", "Address", FieldType::kUint, Show::kHex, 24},
    {"s7comm.param.item.address.byte", "Byte Address", FieldType::kUint},
    {"s7comm.param.item.address.bit", "Bit Address", FieldType::kUint},
    {"s7comm.param.userdata.head", "Parameter head", FieldType::kUint, Show::kHex, 24},
    {"s7comm.param.userdata.length", "Parameter length", FieldType::kUint},
    {"s7comm.param.userdata.reqres1", "Method (Request/Response)", FieldType::kUint, Show::kHex, 8},
    {"s7comm.param.userdata.type", "Type", FieldType::kUint, Show::kDec, 0, kMethods},
    {"s7comm.param.userdata.funcgroup", "Function group", FieldType::kUint, Show::kDec, 0, kGroups},
    {"s7comm.param.userdata.subfunc", "Subfunction", FieldType::kUint},
    {"s7comm.param.userdata.seq_num", "Sequence number", FieldType::kUint},
    {"s7comm.param.userdata.dataunitref", "Data unit reference number", FieldType::kUint},
    {"s7comm.param.userdata.lastdataunit", "Last data unit", FieldType::kUint, Show::kHex, 8},
    {"s7comm.param.errcod", "Error code", FieldType::kUint, Show::kHex, 16},
    {"s7comm.data", "Data", FieldType::kNone},
    {"s7comm.data.item", "Item", FieldType::kNone},
    {"s7comm.data.returncode", "Return code", FieldType::kUint, Show::kHex, 8, kReturnCodes},
    {"s7comm.data.transportsize", "Transport size", FieldType::kUint, Show::kHex, 8},
    {"s7comm.data.length", "Length", FieldType::kUint},
    {"s7comm.data.userdata.szl_id", "SZL-ID", FieldType::kUint, Show::kHex, 16},
    {"s7comm.data.userdata.szl_index", "SZL-Index", FieldType::kUint, Show::kHex, 16},
    {"s7comm.resp.data", "Data", FieldType::kBytes},
};
constexpr unsigned kMaxItems = 64;

const char* name_of(std::span<const NamedValue> names, std::uint64_t value) {
  const auto found = std::ranges::find(names, value, &NamedValue::value);
  return found == names.end() ? "Unknown" : found->name;
}

// What is read or written: an address of the usual form (syntax 0x10), or one that only its length is known of.
void item(Cursor& in, LayerBuilder& out) {
  const Bytes look = in.peek(3);
  const std::size_t length = look.size() == 3 ? look[1] + std::size_t{2} : 0;
  if (length < 3) {
    in.fail();
    return;
  }
  out.mark(kParamItem, in.peek(length));
  LayerBuilder::Subtree below(out);
  Cursor part = in.sub(length);
  out.u8(part, kParamItemVarspec);
  out.u8(part, kParamItemVarspecLength);
  const std::uint8_t syntax = out.u8(part, kParamItemSyntaxid);
  constexpr std::uint8_t kAny = 0x10;
  if (syntax == kAny && part.left() >= 9) {
    out.u8(part, kParamItemTranspSize);
    out.u16(part, kParamItemLength);
    out.u16(part, kParamItemDb);
    out.u8(part, kParamItemArea);
    const Bytes where = part.peek(3);
    const std::uint32_t address = out.u24(part, kParamItemAddress);
    LayerBuilder::Subtree inner(out);
    out.add(kParamItemAddressByte, address >> 3U & 0xffffU, where);
    out.add(kParamItemAddressBit, address & 7U, where);
  }
  if (length % 2 != 0 && in.left() > 0) in.skip(1);
}

// Octets of an item whose length is in bits for some transport sizes.
std::size_t octets(std::uint8_t transport_size, std::uint16_t length) {
  return transport_size >= 3 && transport_size <= 5 ? (length + std::size_t{7}) / 8 : length;
}

void values(Cursor& in, LayerBuilder& out, unsigned count) {
  for (unsigned i = 0; i < count && i < kMaxItems && in.left() >= 1; ++i) {
    out.mark(kDataItem, in.rest());
    LayerBuilder::Subtree below(out);
    out.u8(in, kDataReturncode);
    if (in.left() < 3) return;
    const std::uint8_t size = out.u8(in, kDataTransportsize);
    const Bytes where = in.peek(2);
    const std::size_t length = octets(size, in.u16());
    out.add(kDataLength, length, where);
    if (length > 0) out.bytes(in, kRespData, std::min(length, in.left()));
    if (length % 2 != 0 && i + 1 < count && in.left() > 0) in.skip(1);
  }
}

void return_codes(Cursor& in, LayerBuilder& out, unsigned count) {
  for (unsigned i = 0; i < count && i < kMaxItems && in.left() > 0; ++i) {
    out.mark(kDataItem, in.peek(1));
    LayerBuilder::Subtree below(out);
    out.u8(in, kDataReturncode);
  }
}

void function(Cursor& parameters, Cursor& data, LayerBuilder& out, std::uint8_t type, std::uint8_t code) {
  if (code == kSetup) {
    out.u8(parameters, kParamSetupReserved1);
    out.u16(parameters, kParamMaxamqCalling);
    out.u16(parameters, kParamMaxamqCalled);
    out.u16(parameters, kParamPduLength);
    return;
  }
  if (code != kReadVar && code != kWriteVar) return;
  const std::uint8_t count = out.u8(parameters, kParamItemcount);
  if (type == kJob) {
    for (unsigned i = 0; i < count && i < kMaxItems && parameters.left() > 0; ++i) item(parameters, out);
  }
  if (data.left() == 0) return;
  out.mark(kData, data.rest());
  LayerBuilder::Subtree below(out);
  if (code == kWriteVar && type == kAckData) {
    return_codes(data, out, count);
  } else {
    values(data, out, count);
  }
}

// A list may need several answers; it is shown with the last one. COTP, which carries this protocol, keeps what it
// remembers in front.
struct State {
  std::uint8_t carrier[8];
  std::uint8_t reference;  // of the answers that belong together; 0: none are awaited
  std::uint16_t szl_id, szl_index;
  std::uint16_t octets;  // of the list, in the answers before
};

enum Kind : std::uint8_t { kPush = 0, kRequest = 4, kResponse = 8 };
enum Group : std::uint8_t { kProgrammer = 1, kBlocks = 3, kCpu = 4 };

// What is asked of, and said of, the module in which this stands.
struct Userdata {
  std::uint8_t kind = 0, group = 0, subfunction = 0;
  std::uint8_t reference = 0;  // nonzero: more answers belong to this one
  bool last = true;
};

void szl(const Userdata& what, Cursor& data, LayerBuilder& out) {
  State& state = out.state<State>();
  const Bytes where = data.peek(4);
  if (what.kind == kRequest || what.reference == 0) {
    if (where.size() < 4) return;
    out.u16(data, kDataUserdataSzlId);
    out.u16(data, kDataUserdataSzlIndex);
    return;
  }
  if (what.reference != state.reference) {
    Cursor head(where);
    const std::uint16_t id = head.u16(), index = head.u16();
    if (!head.ok()) return;
    state.reference = what.reference;
    state.szl_id = id;
    state.szl_index = index;
  }
  if (!what.last) return;
  state.reference = 0;
  out.add(kDataUserdataSzlId, state.szl_id, where);
  out.add(kDataUserdataSzlIndex, state.szl_index, where);
}

// One value of a variable table, or only whether it was written. Odd lengths are filled up.
void table_value(Cursor& in, LayerBuilder& out, bool with_value) {
  out.mark(kDataItem, in.rest());
  const LayerBuilder::Subtree below(out);
  out.u8(in, kDataReturncode);
  if (!with_value) return;
  const std::uint8_t size = out.u8(in, kDataTransportsize);
  const Bytes where = in.peek(2);
  const std::size_t length = octets(size, in.u16());
  if (!in.ok()) return;
  out.add(kDataLength, length, where);
  if (length > 0) out.bytes(in, kRespData, std::min(length, in.left()));
  if (length % 2 != 0 && in.left() > 0) in.skip(1);
}

// Variable tables: requests name what is to be read or written, and what to write; answers have values or results.
void variable_table(const Userdata& what, Cursor& data, LayerBuilder& out) {
  constexpr std::uint8_t kStatus = 2, kModify = 8;
  constexpr std::size_t kAddress = 6;
  if (what.subfunction != kStatus && what.subfunction != kModify) return;
  const std::uint16_t parameters = data.u16();
  data.skip(2);
  data.skip(parameters);
  const std::uint16_t count = data.u16();
  if (!data.ok()) return;
  const bool request = what.kind == kRequest;
  for (unsigned i = 0; request && i < count && i < kMaxItems && data.left() >= kAddress; ++i) {
    out.mark(kParamItem, data.peek(kAddress));
    data.skip(kAddress);
  }
  if (request && what.subfunction == kStatus) return;
  const bool values = request || what.subfunction == kStatus;
  for (unsigned i = 0; i < count && i < kMaxItems && data.left() > 0; ++i) table_value(data, out, values);
}

// How many blocks there are of each type, or each block of a type.
void block_list(const Userdata& what, Cursor& data, LayerBuilder& out) {
  constexpr std::uint8_t kList = 1, kListType = 2;
  constexpr std::size_t kEntry = 4, kMost = 1024;
  if (what.kind != kResponse || (what.subfunction != kList && what.subfunction != kListType)) return;
  State& state = out.state<State>();
  if (what.reference == 0 || what.reference != state.reference) state.octets = 0;
  const std::size_t before = state.octets, entries = (before + data.left()) / kEntry;
  state.reference = what.last ? 0 : what.reference;
  state.octets = static_cast<std::uint16_t>(what.last ? 0 : std::min(before + data.left(), kEntry * kMost));
  if (!what.last) return;
  for (std::size_t i = 0; i < std::min(entries, kMost); ++i) out.mark(kDataItem, data.rest());
}

void userdata_data(const Userdata& what, Cursor& data, LayerBuilder& out) {
  out.mark(kData, data.rest());
  const LayerBuilder::Subtree below(out);
  out.u8(data, kDataReturncode);
  out.u8(data, kDataTransportsize);
  const std::uint16_t size = out.u16(data, kDataLength);
  Cursor part = data.sub(std::min<std::size_t>(size, data.left()));
  if (part.left() == 0) return;
  constexpr std::uint8_t kReadSzl = 1;
  if (what.group == kCpu && what.subfunction == kReadSzl) szl(what, part, out);
  if (what.group == kProgrammer) variable_table(what, part, out);
  if (what.group == kBlocks) block_list(what, part, out);
}

std::string userdata(Cursor& in, Cursor& data, LayerBuilder& out) {
  Userdata what;
  out.u24(in, kParamUserdataHead);
  const std::uint8_t length = out.u8(in, kParamUserdataLength);
  out.u8(in, kParamUserdataReqres1);
  const Bytes where = in.peek(1);
  const std::uint8_t kind = in.u8();
  what.kind = kind >> 4U;
  what.group = kind & 15U;
  if (in.ok()) {
    out.add(kParamUserdataType, what.kind, where);
    out.add(kParamUserdataFuncgroup, what.group, where);
  }
  what.subfunction = out.u8(in, kParamUserdataSubfunc);
  out.u8(in, kParamUserdataSeqNum);
  if (length >= 8) {
    what.reference = out.u8(in, kParamUserdataDataunitref);
    what.last = out.u8(in, kParamUserdataLastdataunit) == 0;
    out.u16(in, kParamErrcod);
  }
  if (data.left() >= 4) userdata_data(what, data, out);
  if (!out.wanted()) return {};
  return std::string(" Function:[") + name_of(kMethods, what.kind) + "] -> [" + name_of(kGroups, what.group) + "]";
}

void tell(LayerBuilder& out, std::uint8_t type, std::uint16_t reference, std::uint8_t code, std::uint16_t error) {
  if (type != kJob && type != kAckData) return;
  const Message::Item items[] = {{kParamFunc, Value::of(std::uint64_t{code})}};
  out.message({.role = type == kJob ? Message::Role::kRequest : Message::Role::kResponse,
               .id = std::uint64_t{reference} + 1,
               .name = name_of(kFunctions, code),
               .summary = type == kJob ? name_of(kFunctions, code) : "",
               .status = type == kJob ? -1 : std::int64_t{error},
               .items = std::span(items, type == kJob ? 1 : 0)});
}

Outcome dissect_s7comm(Cursor& in, LayerBuilder& out) {
  const Bytes start = in.peek(2);
  if (start.size() < 2 || start[0] != 0x32) return Outcome::kNotMine;
  const std::uint8_t type = start[1];
  if (type != kJob && type != kAck && type != kAckData && type != kUserdata) return Outcome::kNotMine;
  const bool answer = type == kAck || type == kAckData;
  out.mark(kHeader, in.peek(answer ? 12 : 10));
  std::uint16_t reference = 0, parameter_length = 0, data_length = 0, error = 0;
  {
    LayerBuilder::Subtree below(out);
    out.u8(in, kHeaderProtid);
    out.u8(in, kHeaderRosctr);
    out.u16(in, kHeaderRedid);
    const Bytes reference_at = in.peek(2);
    reference = in.u16();
    if (in.ok()) out.add(kHeaderPduref, reference, reference_at);
    parameter_length = out.u16(in, kHeaderParlg);
    data_length = out.u16(in, kHeaderDatlg);
    if (answer) {
      const std::uint8_t error_class = out.u8(in, kHeaderErrcls);
      error = static_cast<std::uint16_t>(error_class << 8U | out.u8(in, kHeaderErrcod));
      if (error != 0 && in.ok()) out.add(kParamErrcod, error, {});
    }
  }
  if (!in.ok()) return Outcome::kTruncated;
  Cursor parameters = in.sub(std::min<std::size_t>(parameter_length, in.left()));
  Cursor data = in.sub(std::min<std::size_t>(data_length, in.left()));
  std::string line;
  if (out.wanted()) line = std::string("ROSCTR:[") + name_of(kTypes, type) + "]";
  if (parameters.left() > 0 && type != kAck) {
    out.mark(kParam, parameters.rest());
    if (type == kUserdata) {
      LayerBuilder::Subtree below(out);
      line += userdata(parameters, data, out);
    } else {
      std::uint8_t code = 0;
      {
        LayerBuilder::Subtree below(out);
        code = out.u8(parameters, kParamFunc);
      }
      function(parameters, data, out, type, code);
      tell(out, type, reference, code, error);
      if (out.wanted()) line += std::string(" Function:[") + name_of(kFunctions, code) + "]";
    }
  }
  if (out.wanted()) out.info(std::move(line));
  in.skip(in.left());
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector s7comm_dissector{
    .name = "s7comm", .title = "S7 Communication", .column = "S7COMM", .fields = kFields, .dissect = &dissect_s7comm};

}  // namespace pr::dissect
