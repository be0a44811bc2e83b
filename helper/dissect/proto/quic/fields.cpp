#include "helper/dissect/proto/quic/quic.h"

namespace pr::dissect::quic {
namespace {

constexpr NamedValue kForms[] = {{0, "Short Header"}, {1, "Long Header"}};
constexpr NamedValue kTypes[] = {{0, "Initial"}, {1, "0-RTT"}, {2, "Handshake"}, {3, "Retry"}};
constexpr NamedValue kTypesV2[] = {{0, "Retry"}, {1, "Initial"}, {2, "0-RTT"}, {3, "Handshake"}};
constexpr NamedValue kNumberLengths[] = {{0, "1 bytes"}, {1, "2 bytes"}, {2, "3 bytes"}, {3, "4 bytes"}};
constexpr NamedValue kFrameTypes[] = {{0, "PADDING"},
                                      {1, "PING"},
                                      {2, "ACK"},
                                      {3, "ACK"},
                                      {6, "CRYPTO"},
                                      {0x1c, "CONNECTION_CLOSE (Transport)"},
                                      {0x1d, "CONNECTION_CLOSE (Application)"}};
constexpr NamedValue kErrors[] = {{0, "NO_ERROR"},
                                  {1, "INTERNAL_ERROR"},
                                  {2, "SERVER_BUSY"},
                                  {3, "FLOW_CONTROL_ERROR"},
                                  {4, "STREAM_LIMIT_ERROR"},
                                  {5, "STREAM_STATE_ERROR"},
                                  {6, "FINAL_SIZE_ERROR"},
                                  {7, "FRAME_ENCODING_ERROR"},
                                  {8, "TRANSPORT_PARAMETER_ERROR"},
                                  {9, "CONNECTION_ID_LIMIT_ERROR"},
                                  {10, "PROTOCOL_VIOLATION"},
                                  {11, "INVALID_TOKEN"},
                                  {12, "APPLICATION_ERROR"},
                                  {13, "CRYPTO_BUFFER_EXCEEDED"},
                                  {14, "KEY_UPDATE_ERROR"},
                                  {15, "AEAD_LIMIT_REACHED"},
                                  {16, "NO_VIABLE_PATH"}};

}  // namespace

const FieldDef kFields[kFieldCount] = {
    {"quic.packet_length", "Packet Length", FieldType::kUint},
    {"quic.header_form", "Header Form", FieldType::kUint, Show::kDec, 0, kForms},
    {"quic.fixed_bit", "Fixed Bit", FieldType::kBool},
    {"quic.long.packet_type", "Packet Type", FieldType::kUint, Show::kDec, 0, kTypes},
    {"quic.long.packet_type_v2", "Packet Type", FieldType::kUint, Show::kDec, 0, kTypesV2},
    {"quic.long.reserved", "Reserved", FieldType::kUint},
    {"quic.packet_number_length", "Packet Number Length", FieldType::kUint, Show::kDec, 0, kNumberLengths},
    {"quic.version", "Version", FieldType::kUint, Show::kHex, 32, kVersions},
    {"quic.dcil", "Destination Connection ID Length", FieldType::kUint},
    {"quic.dcid", "Destination Connection ID", FieldType::kBytes},
    {"quic.scil", "Source Connection ID Length", FieldType::kUint},
    {"quic.scid", "Source Connection ID", FieldType::kBytes},
    {"quic.token_length", "Token Length", FieldType::kUint},
    {"quic.token", "Token", FieldType::kBytes},
    {"quic.length", "Length", FieldType::kUint},
    {"quic.packet_number", "Packet Number", FieldType::kUint},
    {"quic.payload", "Payload", FieldType::kBytes},
    {"quic.remaining_payload", "Remaining Payload", FieldType::kBytes},
    {"quic.retry_token", "Retry Token", FieldType::kBytes},
    {"quic.retry_integrity_tag", "Retry Integrity Tag", FieldType::kBytes},
    {"quic.vn.unused", "Unused", FieldType::kUint, Show::kHex, 8},
    {"quic.supported_version", "Supported Version", FieldType::kUint, Show::kHex, 32, kVersions},
    {"quic.short", "QUIC Short Header", FieldType::kNone},
    {"quic.spin_bit", "Spin Bit", FieldType::kBool},
    {"quic.coalesced_padding_data", "Coalesced Padding Data", FieldType::kNone},
    {"quic.frame", "Frame", FieldType::kNone},
    {"quic.frame_type", "Frame Type", FieldType::kUint, Show::kDec, 0, kFrameTypes},
    {"quic.padding_length", "Padding Length", FieldType::kUint},
    {"quic.ack.largest_acknowledged", "Largest Acknowledged", FieldType::kUint},
    {"quic.ack.ack_delay", "ACK Delay", FieldType::kUint},
    {"quic.ack.ack_range_count", "ACK Range Count", FieldType::kUint},
    {"quic.ack.first_ack_range", "First ACK Range", FieldType::kUint},
    {"quic.ack.gap", "Gap", FieldType::kUint},
    {"quic.ack.ack_range", "ACK Range", FieldType::kUint},
    {"quic.ack.ect0_count", "ECT(0) Count", FieldType::kUint},
    {"quic.ack.ect1_count", "ECT(1) Count", FieldType::kUint},
    {"quic.ack.ecn_ce_count", "ECN-CE Count", FieldType::kUint},
    {"quic.crypto.offset", "Offset", FieldType::kUint},
    {"quic.crypto.length", "Length", FieldType::kUint},
    {"quic.crypto.crypto_data", "Crypto Data", FieldType::kNone},
    {"quic.cc.error_code", "Error code", FieldType::kUint, Show::kDec, 0, kErrors},
    {"quic.cc.error_code.tls_alert", "TLS Alert Description", FieldType::kUint},
    {"quic.cc.frame_type", "Frame Type", FieldType::kUint},
    {"quic.cc.reason_phrase.length", "Reason phrase Length", FieldType::kUint},
    {"quic.cc.reason_phrase", "Reason phrase", FieldType::kText},
    {"quic.ft.unknown", "Unknown Frame Type", FieldType::kNone},
};

}  // namespace pr::dissect::quic
