// Modbus PDUs (MODBUS Application Protocol V1.1b3), as they follow the header of Modbus/TCP.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/modbus/names.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kExceptions[] = {
    {1, "Illegal function"},
    {2, "Illegal data address"},
    {3, "Illegal data value"},
    {4, "Slave device failure"},
    {5, "Acknowledge"},
    {6, "Slave device busy"},
    {8, "Memory parity error"},
    {10, "Gateway path unavailable"},
    {11, "Gateway target device failed to respond"},
};
constexpr NamedValue kDiagnostics[] = {
    {0, "Return Query Data"},
    {1, "Restart Communications Option"},
    {2, "Return Diagnostic Register"},
    {3, "Change ASCII Input Delimiter"},
    {4, "Force Listen Only Mode"},
    {10, "Clear Counters and Diagnostic Register"},
    {11, "Return Bus Message Count"},
    {12, "Return Bus Communication Error Count"},
    {13, "Return Bus Exception Error Count"},
    {14, "Return Slave Message Count"},
    {15, "Return Slave No Response Count"},
    {16, "Return Slave NAK Count"},
    {17, "Return Slave Busy Count"},
    {18, "Return Bus Character Overrun Count"},
    {20, "Clear Overrun Counter and Flag"},
};
constexpr NamedValue kMeiTypes[] = {{13, "CANopen General Reference Request and Response PDU"},
                                    {14, "Read Device Identification"}};
constexpr NamedValue kDeviceIds[] = {{1, "Basic Device Identification"},
                                     {2, "Regular Device Identification"},
                                     {3, "Extended Device Identification"},
                                     {4, "Specific Identification Object"}};
constexpr NamedValue kObjects[] = {{0, "VendorName"},  {1, "ProductCode"}, {2, "MajorMinorRevision"}, {3, "VendorURL"},
                                   {4, "ProductName"}, {5, "ModelName"},   {6, "UserApplicationName"}};
constexpr NamedValue kRestart[] = {{0, "Leave Log"}, {0xff00, "Clear Log"}};

enum : std::size_t {
  kFuncCode,
  kRequestFrame,
  kResponseTime,
  kReferenceNum,
  kReferenceNum32,
  kReferenceType,
  kReadReferenceNum,
  kWriteReferenceNum,
  kWordCnt,
  kReadWordCnt,
  kWriteWordCnt,
  kBitCnt,
  kByteCnt,
  kByteCnt16,
  kExceptionCode,
  kDiagnosticCode,
  kDiagnosticReturnQueryDataRequest,
  kDiagnosticReturnQueryDataEcho,
  kDiagnosticRestartCommunicationOption,
  kDiagnosticReturnDiagRegister,
  kDiagnosticAsciiInputDelimiter,
  kDiagnosticClearCtrDiagReg,
  kDiagnosticBusMessageCount,
  kDiagnosticBusCommErrorCount,
  kDiagnosticBusExceptionErrorCount,
  kDiagnosticSlaveMessageCount,
  kDiagnosticNoSlaveResponseCount,
  kDiagnosticSlaveNakCount,
  kDiagnosticSlaveBusyCount,
  kDiagnosticBusCharOverrunCount,
  kEvStatus,
  kEvCount,
  kEvMsgCount,
  kEvent,
  kAndMask,
  kOrMask,
  kData,
  kPadding,
  kMei,
  kReadDeviceId,
  kObjectId,
  kNumObjects,
  kObjectsLen,
  kConformityLevel,
  kMoreFollows,
  kNextObjectId,
  kObjectStrValue,
  kBitnum,
  kBitval,
  kRegnum16,
  kRegvalUint16
};

constexpr FieldDef kFields[] = {
    {"modbus.func_code", "Function Code", FieldType::kUint, Show::kDec, 0, modbus::kFunctions},
    {"modbus.request_frame", "Request Frame", FieldType::kUint},
    {"modbus.response_time", "Time from request", FieldType::kDuration},
    {"modbus.reference_num", "Reference Number", FieldType::kUint},
    {"modbus.reference_num_32", "Reference Number (32 bit)", FieldType::kUint},
    {"modbus.reference_type", "Reference Type", FieldType::kUint},
    {"modbus.read_reference_num", "Read Reference Number", FieldType::kUint},
    {"modbus.write_reference_num", "Write Reference Number", FieldType::kUint},
    {"modbus.word_cnt", "Word Count", FieldType::kUint},
    {"modbus.read_word_cnt", "Read Word Count", FieldType::kUint},
    {"modbus.write_word_cnt", "Write Word Count", FieldType::kUint},
    {"modbus.bit_cnt", "Bit Count", FieldType::kUint},
    {"modbus.byte_cnt", "Byte Count", FieldType::kUint},
    {"modbus.byte_cnt_16", "Byte Count (16-bit)", FieldType::kUint},
    {"modbus.exception_code", "Exception Code", FieldType::kUint, Show::kDec, 0, kExceptions},
    {"modbus.diagnostic_code", "Diagnostic Code", FieldType::kUint, Show::kDec, 0, kDiagnostics},
    {"modbus.diagnostic.return_query_data.request", "Request Data", FieldType::kBytes},
    {"modbus.diagnostic.return_query_data.echo", "Echo Data", FieldType::kBytes},
    {"modbus.diagnostic.restart_communication_option", "Restart Communication Option", FieldType::kUint, Show::kHex, 16,
     kRestart},
    {"modbus.diagnostic.return_diag_register", "Diagnostic Register Contents", FieldType::kUint, Show::kHex, 16},
    {"modbus.diagnostic.ascii_input_delimiter", "CHAR", FieldType::kUint, Show::kHex, 8},
    {"modbus.diagnostic.clear_ctr_diag_reg", "Clear Counters & Diag Register Echo", FieldType::kUint},
    {"modbus.diagnostic.bus_message_count", "Total Message Count", FieldType::kUint},
    {"modbus.diagnostic.bus_comm_error_count", "CRC Error Count", FieldType::kUint},
    {"modbus.diagnostic.bus_exception_error_count", "Exception Error Count", FieldType::kUint},
    {"modbus.diagnostic.slave_message_count", "Slave Message Count", FieldType::kUint},
    {"modbus.diagnostic.no_slave_response_count", "Slave No Response Count", FieldType::kUint},
    {"modbus.diagnostic.slave_nak_count", "Slave NAK Count", FieldType::kUint},
    {"modbus.diagnostic.slave_busy_count", "Slave Device Busy Count", FieldType::kUint},
    {"modbus.diagnostic.bus_char_overrun_count", "Slave Character Overrun Count", FieldType::kUint},
    {"modbus.ev_status", "Status", FieldType::kUint, Show::kHex, 16},
    {"modbus.ev_count", "Event Count", FieldType::kUint},
    {"modbus.ev_msg_count", "Message Count", FieldType::kUint},
    {"modbus.event", "Event", FieldType::kUint},
    {"modbus.and_mask", "AND mask", FieldType::kUint, Show::kHex, 16},
    {"modbus.or_mask", "OR mask", FieldType::kUint, Show::kHex, 16},
    {"modbus.data", "Data", FieldType::kBytes},
    {"modbus.padding", "Padding", FieldType::kUint, Show::kHex, 8},
    {"modbus.mei", "MEI type", FieldType::kUint, Show::kDec, 0, kMeiTypes},
    {"modbus.read_device_id", "Read Device ID", FieldType::kUint, Show::kDec, 0, kDeviceIds},
    {"modbus.object_id", "Object ID", FieldType::kUint, Show::kDec, 0, kObjects},
    {"modbus.num_objects", "Number of Objects", FieldType::kUint},
    {"modbus.objects_len", "Object length", FieldType::kUint},
    {"modbus.conformity_level", "Conformity Level", FieldType::kUint, Show::kHex, 8},
    {"modbus.more_follows", "More Follows", FieldType::kUint, Show::kHex, 8},
    {"modbus.next_object_id", "Next Object ID", FieldType::kUint},
    {"modbus.object_str_value", "Object String Value", FieldType::kText},
    {"modbus.bitnum", "Bit Number", FieldType::kUint},
    {"modbus.bitval", "Bit Value", FieldType::kBool},
    {"modbus.regnum16", "Register Number", FieldType::kUint},
    {"modbus.regval_uint16", "Register Value (UINT16)", FieldType::kUint},
};

void rest(Cursor& in, LayerBuilder& out) {
  if (in.left() > 0) out.bytes(in, kData, in.left());
}

void registers(Cursor in, LayerBuilder& out, std::uint32_t first) {
  while (in.left() >= 2) {
    out.add(kRegnum16, first++ & 0xffffU, in.peek(2));
    const LayerBuilder::Subtree deeper(out);
    out.u16(in, kRegvalUint16);
  }
}

void coils(Cursor in, LayerBuilder& out, std::uint32_t first, std::size_t count) {
  for (std::size_t i = 0; i < count && in.left() > 0; ++i) {
    const Bytes at = in.peek(1);
    out.add(kBitnum, (first + i) & 0xffffU, at);
    const LayerBuilder::Subtree deeper(out);
    out.add(kBitval, at[0] >> (i % 8) & 1U, at);
    if (i % 8 == 7) in.skip(1);
  }
}

void diagnostics(Cursor& in, LayerBuilder& out, bool request) {
  const std::uint16_t code = out.u16(in, kDiagnosticCode);
  if (in.left() < 2) return rest(in, out);
  if (code == 0) {
    out.bytes(in, request ? kDiagnosticReturnQueryDataRequest : kDiagnosticReturnQueryDataEcho, in.left());
    return;
  }
  if (code == 1) {
    out.u16(in, kDiagnosticRestartCommunicationOption);
    return;
  }
  if (code == 3) {
    out.u8(in, kDiagnosticAsciiInputDelimiter);
    return;
  }
  if (request) return rest(in, out);
  static constexpr std::size_t kCounts[] = {kDiagnosticBusMessageCount,        kDiagnosticBusCommErrorCount,
                                            kDiagnosticBusExceptionErrorCount, kDiagnosticSlaveMessageCount,
                                            kDiagnosticNoSlaveResponseCount,   kDiagnosticSlaveNakCount,
                                            kDiagnosticSlaveBusyCount,         kDiagnosticBusCharOverrunCount};
  if (code == 2) {
    out.u16(in, kDiagnosticReturnDiagRegister);
  } else if (code == 10) {
    out.u16(in, kDiagnosticClearCtrDiagReg);
  } else if (code >= 11 && code <= 18) {
    out.u16(in, kCounts[code - 11]);
  } else {
    rest(in, out);
  }
}

void device_identification(Cursor& in, LayerBuilder& out, bool request) {
  const Bytes all = in.rest();
  if (out.u8(in, kMei) != 14) {
    in.skip(in.left());
    return out.add(kData, all, all);
  }
  out.u8(in, kReadDeviceId);
  if (request) {
    out.u8(in, kObjectId);
    return;
  }
  out.u8(in, kConformityLevel);
  out.u8(in, kMoreFollows);
  out.u8(in, kNextObjectId);
  const std::uint8_t count = out.u8(in, kNumObjects);
  for (unsigned i = 0; i < count && in.left() > 1; ++i) {
    out.u8(in, kObjectId);
    const LayerBuilder::Subtree deeper(out);
    const std::uint8_t size = out.u8(in, kObjectsLen);
    out.bytes(in, kObjectStrValue, size);
  }
}

// Records of files (functions 20 and 21): where each stands, and what is in it where one side sends that.
void file_records(Cursor in, LayerBuilder& out, bool with_data) {
  while (in.left() >= 7) {
    out.u8(in, kReferenceType);
    out.u32(in, kReferenceNum32);
    const std::uint16_t words = out.u16(in, kWordCnt);
    if (with_data && words > 0) out.bytes(in, kData, std::min<std::size_t>(2U * words, in.left()));
  }
}

void file_contents(Cursor in, LayerBuilder& out) {
  while (in.left() >= 2) {
    const std::uint8_t size = out.u8(in, kByteCnt);
    out.u8(in, kReferenceType);
    if (size > 1) out.bytes(in, kData, std::min<std::size_t>(size - 1U, in.left()));
  }
}

void request(std::uint8_t code, Cursor& in, LayerBuilder& out) {
  switch (code) {
    case 1:
    case 2:
      out.u16(in, kReferenceNum);
      out.u16(in, kBitCnt);
      return;
    case 3:
    case 4:
      out.u16(in, kReferenceNum);
      out.u16(in, kWordCnt);
      return;
    case 15: {
      const std::uint16_t first = out.u16(in, kReferenceNum);
      const std::uint16_t count = out.u16(in, kBitCnt);
      const std::uint8_t size = out.u8(in, kByteCnt);
      if (size == 0) out.add(kData, Bytes{}, in.peek(0));
      coils(in.sub(size), out, first, count);
      return;
    }
    case 16: {
      const std::uint16_t first = out.u16(in, kReferenceNum);
      out.u16(in, kWordCnt);
      registers(in.sub(out.u8(in, kByteCnt)), out, first);
      return;
    }
    case 23: {
      out.u16(in, kReadReferenceNum);
      out.u16(in, kReadWordCnt);
      if (in.left() == 0) return;
      const std::uint16_t first = out.u16(in, kWriteReferenceNum);
      out.u16(in, kWriteWordCnt);
      registers(in.sub(out.u8(in, kByteCnt)), out, first);
      return;
    }
    case 20:
    case 21: return file_records(in.sub(out.u8(in, kByteCnt)), out, code == 21);
    case 24: out.u16(in, kReferenceNum); return;
    default: rest(in, out);
  }
}

// first and count: what was asked for, as far as the request was seen.
void response(std::uint8_t code, Cursor& in, LayerBuilder& out, std::uint16_t first, std::uint16_t count) {
  switch (code) {
    case 1:
    case 2: {
      const std::uint8_t size = out.u8(in, kByteCnt);
      coils(in.sub(size), out, first, count != 0 ? count : std::size_t{size} * 8);
      return;
    }
    case 3:
    case 4: registers(in.sub(out.u8(in, kByteCnt)), out, first); return;
    case 11:
      out.u16(in, kEvStatus);
      out.u16(in, kEvCount);
      return;
    case 12:
      out.u8(in, kByteCnt);
      out.u16(in, kEvStatus);
      out.u16(in, kEvCount);
      out.u16(in, kEvMsgCount);
      while (in.left() > 0) out.u8(in, kEvent);
      return;
    case 15:
      out.u16(in, kReferenceNum);
      out.u16(in, kBitCnt);
      return;
    case 16:
      out.u16(in, kReferenceNum);
      out.u16(in, kWordCnt);
      return;
    case 20: return file_contents(in.sub(out.u8(in, kByteCnt)), out);
    case 21: return file_records(in.sub(out.u8(in, kByteCnt)), out, true);
    case 23: {
      Cursor values = in.sub(out.u8(in, kByteCnt));
      return rest(values, out);
    }
    case 24:
      out.u16(in, kByteCnt16);
      out.u16(in, kWordCnt);
      return rest(in, out);
    default: rest(in, out);
  }
}

Outcome dissect_modbus(Cursor& in, LayerBuilder& out) {
  const std::uint64_t passed = out.passed();  // see modbus/names.h
  const bool from_client = (passed >> 32U & 1U) != 0;
  const auto first = static_cast<std::uint16_t>(passed), count = static_cast<std::uint16_t>(passed >> 16U);
  const Bytes at = in.peek(1);
  const std::uint8_t code = in.u8();
  if (!in.ok()) return Outcome::kTruncated;
  if (!out.wanted()) {
    in.skip(in.left());
    return Outcome::kDone;
  }
  const std::uint8_t function = code & 0x7fU;
  out.add(kFuncCode, function, at);
  if ((code & modbus::kException) != 0 && !from_client) {
    out.u8(in, kExceptionCode);
    return in.ok() ? Outcome::kDone : Outcome::kTruncated;
  }
  const PacketFacts* facts = out.facts();
  if (!from_client && facts != nullptr && facts->request_frame != 0) {
    out.add(kRequestFrame, facts->request_frame, {});
    out.add(kResponseTime, static_cast<std::uint64_t>(to_ns(out.packet().ts) - to_ns(facts->request_ts)), {});
  }
  switch (function) {
    case 5:
      out.u16(in, kReferenceNum);
      out.add(kData, in.peek(2), in.peek(2));
      in.skip(1);
      out.u8(in, kPadding);
      break;
    case 6:
      out.u16(in, kReferenceNum);
      rest(in, out);
      break;
    case 8: diagnostics(in, out, from_client); break;
    case 22:
      out.u16(in, kReferenceNum);
      out.u16(in, kAndMask);
      if (in.left() > 0) out.u16(in, kOrMask);
      break;
    case 43: device_identification(in, out, from_client); break;
    default: from_client ? request(function, in, out) : response(function, in, out, first, count);
  }
  return in.ok() ? Outcome::kDone : Outcome::kTruncated;
}

}  // namespace

extern constinit const Dissector modbus_dissector{
    .name = "modbus", .title = "Modbus", .fields = kFields, .dissect = &dissect_modbus};

}  // namespace pr::dissect
