#include <algorithm>
#include <iterator>

#include "helper/dissect/proto/dcerpc/dcerpc.h"
#include "helper/dissect/windows.h"

namespace pr::dissect::dcerpc {
namespace {

constexpr NamedValue kPacketTypes[] = {
    {0, "Request"},   {1, "Ping"},      {2, "Response"},       {3, "Fault"},
    {4, "Working"},   {5, "Nocall"},    {6, "Reject"},         {7, "Ack"},
    {8, "Cl_cancel"}, {9, "Fack"},      {10, "Cancel_ack"},    {11, "Bind"},
    {12, "Bind_ack"}, {13, "Bind_nak"}, {14, "Alter_context"}, {15, "Alter_context_resp"},
    {16, "AUTH3"},    {17, "Shutdown"}, {18, "Co_cancel"},     {19, "Orphaned"},
};
constexpr NamedValue kAckResults[] = {
    {0, "Acceptance"}, {1, "User rejection"}, {2, "Provider rejection"}, {3, "Negotiate ACK"}};
constexpr NamedValue kAuthTypes[] = {{0, "None"},          {1, "Kerberos 5"}, {9, "SPNEGO"},         {10, "NTLMSSP"},
                                     {14, "SCHANNEL SSP"}, {16, "Kerberos"},  {68, "Secure channel"}};
constexpr NamedValue kAuthLevels[] = {{1, "None"},   {2, "Connect"},          {3, "Call"},
                                      {4, "Packet"}, {5, "Packet integrity"}, {6, "Packet privacy"}};

struct Interface {
  const char* uuid;
  const char* name;
};
// Interfaces that Windows and Samba offer, as Microsoft's protocol documents name their endpoints.
constexpr Interface kInterfaces[] = {
    {"e1af8308-5d1f-11c9-91a4-08002b14a0fa", "epm"},
    {"afa8bd80-7d8a-11c9-bef4-08002b102989", "mgmt"},
    {"4b324fc8-1670-01d3-1278-5a47bf6ee188", "srvsvc"},
    {"6bffd098-a112-3610-9833-46c3f87e345a", "wkssvc"},
    {"367abb81-9844-35f1-ad32-98f038001003", "svcctl"},
    {"12345778-1234-abcd-ef00-0123456789ab", "lsarpc"},
    {"12345778-1234-abcd-ef00-0123456789ac", "samr"},
    {"12345678-1234-abcd-ef00-01234567cffb", "rpc_netlogon"},
    {"12345678-1234-abcd-ef00-0123456789ab", "spoolss"},
    {"338cd001-2244-31f1-aaaa-900038001003", "winreg"},
    {"e3514235-4b06-11d1-ab04-00c04fc2dcd2", "drsuapi"},
    {"1ff70682-0a51-30e8-076d-740be8cee98b", "atsvc"},
    {"86d35949-83c9-4044-b424-db363231fd0c", "taskscheduler"},
    {"378e52b0-c0a9-11cf-822d-00aa0051e40f", "sasec"},
    {"99fcfec4-5260-101b-bbcb-00aa0021347a", "oxid"},
    {"000001a0-0000-0000-c000-000000000046", "isystemactivator"},
    {"4d9f4ab8-7d1c-11cf-861e-0020af6e7c57", "remact"},
    {"00000131-0000-0000-c000-000000000046", "remunk"},
    {"00000143-0000-0000-c000-000000000046", "remunk2"},
    {"00020400-0000-0000-c000-000000000046", "dispatch"},
    {"3919286a-b10c-11d0-9ba8-00c04fd92ef5", "dssetup"},
    {"4fc742e0-4a10-11cf-8273-00aa004ae673", "netdfs"},
    {"82273fdc-e32a-18c3-3f78-827929dc23ea", "eventlog"},
    {"f6beaff7-1e19-4fbb-9f8f-b89e2018337c", "eventlog6"},
    {"c681d488-d850-11d0-8c52-00c04fd90f7e", "efs"},
    {"df1941c5-fe89-4e79-bf10-463657acf44d", "efs"},
    {"50abc2a4-574d-40b3-9d66-ee4fd5fba076", "dnsserver"},
    {"6bffd098-a112-3610-9833-012892020162", "browser"},
    {"5a7b91f8-ff00-11d0-a9b2-00c04fb6e6fc", "messenger"},
    {"17fdd703-1827-4e34-79d4-24a55c53bb37", "messenger"},
    {"76f03f96-cdfd-44fc-a22c-64950a001209", "iremotewinspool"},
    {"8a885d04-1ceb-11c9-9fe8-08002b104860", "ndr"},
    {"d6d70ef0-0e3b-11cb-acc3-08002b1d29c3", "nspi"},
    {"f5cc5a18-4264-101a-8c59-08002b2f8426", "nspi"},
    {"a4f1db00-ca47-1067-b31f-00dd010662da", "mapi"},
    {"1544f5e0-613c-11d1-93df-00c04fd7bd09", "rfr"},
    {"9556dc99-828c-11cf-a37e-00aa003240c7", "iwbemservices"},
    {"f309ad18-d86a-11d0-a075-00c04fb68820", "iwbemlevel1login"},
    {"d95afe70-a6d5-4259-822e-2c84da1ddb0d", "wininit"},
    {"894de0c0-0d55-11d3-a322-00c04fa321a1", "initshutdown"},
    {"68b58241-c259-4f03-a2e5-a2651dcbc930", "cryptsvc"},
    {"3dde7c30-165d-11d1-ab8f-00805f14db40", "bkrp"},
    {"11220835-5b26-4d94-ae86-c3e475a809de", "protected_storage"},
    {"5ca4a760-ebb1-11cf-8611-00a0245420ed", "termsrv"},
    {"2f5f3220-c126-1076-b549-074d078619da", "nddeapi"},
    {"45f52c28-7f9f-101a-b52b-08002b2efabe", "wins"},
    {"6bffd098-a112-3610-9833-46c3f874532d", "dhcpcsvc"},
    {"ae33069b-a2a8-46ee-a235-ddfd339be281", "iremotewinspool"},
    {"dea00001-6c97-11d1-8271-00a02442df7d", "pn_io_device"},
    {"dea00002-6c97-11d1-8271-00a02442df7d", "pn_io_controller"},
};

}  // namespace

constinit const FieldDef kFields[kFieldCount] = {
    {"dcerpc.ver", "Version", FieldType::kUint},
    {"dcerpc.ver_minor", "Version (minor)", FieldType::kUint},
    {"dcerpc.pkt_type", "Packet type", FieldType::kUint, Show::kDec, 0, kPacketTypes},
    {"dcerpc.cn_flags", "Packet Flags", FieldType::kUint, Show::kHex, 8},
    {"dcerpc.cn_flags.object", "Object", FieldType::kBool},
    {"dcerpc.cn_flags.maybe", "Maybe", FieldType::kBool},
    {"dcerpc.cn_flags.dne", "Did Not Execute", FieldType::kBool},
    {"dcerpc.cn_flags.mpx", "Multiplex", FieldType::kBool},
    {"dcerpc.cn_flags.reserved", "Reserved", FieldType::kBool},
    {"dcerpc.cn_flags.cancel_pending", "Cancel Pending", FieldType::kBool},
    {"dcerpc.cn_flags.last_frag", "Last Frag", FieldType::kBool},
    {"dcerpc.cn_flags.first_frag", "First Frag", FieldType::kBool},
    {"dcerpc.drep", "Data Representation", FieldType::kBytes},
    {"dcerpc.drep.byteorder", "Byte order", FieldType::kUint},
    {"dcerpc.drep.character", "Character", FieldType::kUint},
    {"dcerpc.drep.fp", "Floating-point", FieldType::kUint},
    {"dcerpc.cn_frag_len", "Frag Length", FieldType::kUint},
    {"dcerpc.cn_auth_len", "Auth Length", FieldType::kUint},
    {"dcerpc.cn_call_id", "Call ID", FieldType::kUint},
    {"dcerpc.cn_ctx_id", "Context ID", FieldType::kUint},
    {"dcerpc.cn_alloc_hint", "Alloc hint", FieldType::kUint},
    {"dcerpc.opnum", "Opnum", FieldType::kUint},
    {"dcerpc.obj_id", "Object", FieldType::kText},
    {"dcerpc.cn_cancel_count", "Cancel count", FieldType::kUint},
    {"dcerpc.cn_status", "Status", FieldType::kUint, Show::kHex, 32},
    {"dcerpc.request_in", "Request in frame", FieldType::kUint},
    {"dcerpc.time", "Time from request", FieldType::kDuration},
    {"dcerpc.encrypted_stub_data", "Encrypted stub data", FieldType::kBytes},
    {"dcerpc.cn_max_xmit", "Max Xmit Frag", FieldType::kUint},
    {"dcerpc.cn_max_recv", "Max Recv Frag", FieldType::kUint},
    {"dcerpc.cn_assoc_group", "Assoc Group", FieldType::kUint, Show::kHex, 32},
    {"dcerpc.cn_num_ctx_items", "Num Ctx Items", FieldType::kUint},
    {"dcerpc.cn_ctx_item", "Ctx Item", FieldType::kNone},
    {"dcerpc.cn_num_trans_items", "Num Trans Items", FieldType::kUint},
    {"dcerpc.cn_bind_abstract_syntax", "Abstract Syntax", FieldType::kNone},
    {"dcerpc.cn_bind_to_uuid", "Interface UUID", FieldType::kText},
    {"dcerpc.cn_bind_if_ver", "Interface Ver", FieldType::kUint},
    {"dcerpc.cn_bind_if_ver_minor", "Interface Ver Minor", FieldType::kUint},
    {"dcerpc.cn_bind_trans", "Transfer Syntax", FieldType::kNone},
    {"dcerpc.cn_bind_trans_id", "ID", FieldType::kText},
    {"dcerpc.cn_bind_trans_ver", "ver", FieldType::kUint},
    {"dcerpc.cn_sec_addr_len", "Scndry Addr len", FieldType::kUint},
    {"dcerpc.cn_sec_addr", "Scndry Addr", FieldType::kText},
    {"dcerpc.cn_num_results", "Num results", FieldType::kUint},
    {"dcerpc.cn_ack_result", "Ack result", FieldType::kUint, Show::kDec, 0, kAckResults},
    {"dcerpc.cn_ack_reason", "Ack reason", FieldType::kUint},
    {"dcerpc.cn_ack_trans_id", "Transfer Syntax", FieldType::kText},
    {"dcerpc.cn_ack_trans_ver", "Syntax ver", FieldType::kUint},
    {"dcerpc.cn_bind_trans_btfn", "Bind Time Features", FieldType::kUint, Show::kHex, 16},
    {"dcerpc.cn_reject_reason", "Reject reason", FieldType::kUint},
    {"dcerpc.cn_num_protocols", "Number of protocols", FieldType::kUint},
    {"dcerpc.auth_info", "Auth Info", FieldType::kNone},
    {"dcerpc.auth_type", "Auth type", FieldType::kUint, Show::kDec, 0, kAuthTypes},
    {"dcerpc.auth_level", "Auth level", FieldType::kUint, Show::kDec, 0, kAuthLevels},
    {"dcerpc.auth_pad_len", "Auth pad len", FieldType::kUint},
    {"dcerpc.auth_rsrvd", "Auth Rsrvd", FieldType::kUint},
    {"dcerpc.auth_ctx_id", "Auth Context ID", FieldType::kUint},
    {"dcerpc.dg_flags1", "Flags1", FieldType::kUint, Show::kHex, 8},
    {"dcerpc.dg_flags1_rsrvd_80", "Reserved for implementation", FieldType::kBool},
    {"dcerpc.dg_flags1_broadcast", "Broadcast", FieldType::kBool},
    {"dcerpc.dg_flags1_idempotent", "Idempotent", FieldType::kBool},
    {"dcerpc.dg_flags1_maybe", "Maybe", FieldType::kBool},
    {"dcerpc.dg_flags1_nofack", "No Fack", FieldType::kBool},
    {"dcerpc.dg_flags1_frag", "Fragment", FieldType::kBool},
    {"dcerpc.dg_flags1_last_frag", "Last Fragment", FieldType::kBool},
    {"dcerpc.dg_flags1_rsrvd_01", "Reserved for implementation", FieldType::kBool},
    {"dcerpc.dg_flags2", "Flags2", FieldType::kUint, Show::kHex, 8},
    {"dcerpc.dg_flags2_rsrvd_80", "Reserved for future use (MBZ)", FieldType::kBool},
    {"dcerpc.dg_flags2_rsrvd_40", "Reserved for future use (MBZ)", FieldType::kBool},
    {"dcerpc.dg_flags2_rsrvd_20", "Reserved for future use (MBZ)", FieldType::kBool},
    {"dcerpc.dg_flags2_rsrvd_10", "Reserved for future use (MBZ)", FieldType::kBool},
    {"dcerpc.dg_flags2_rsrvd_08", "Reserved for future use (MBZ)", FieldType::kBool},
    {"dcerpc.dg_flags2_rsrvd_04", "Reserved for future use (MBZ)", FieldType::kBool},
    {"dcerpc.dg_flags2_cancel_pending", "Cancel Pending", FieldType::kBool},
    {"dcerpc.dg_flags2_rsrvd_01", "Reserved for implementation", FieldType::kBool},
    {"dcerpc.dg_serial_hi", "Serial High", FieldType::kUint, Show::kHex, 8},
    {"dcerpc.dg_if_id", "Interface", FieldType::kText},
    {"dcerpc.dg_act_id", "Activity", FieldType::kText},
    {"dcerpc.dg_server_boot", "Server boot time", FieldType::kTime},
    {"dcerpc.dg_if_ver", "Interface Ver", FieldType::kUint},
    {"dcerpc.dg_seqnum", "Sequence num", FieldType::kUint},
    {"dcerpc.dg_ihint", "Interface Hint", FieldType::kUint, Show::kHex, 16},
    {"dcerpc.dg_ahint", "Activity Hint", FieldType::kUint, Show::kHex, 16},
    {"dcerpc.dg_frag_len", "Fragment len", FieldType::kUint},
    {"dcerpc.dg_frag_num", "Fragment num", FieldType::kUint},
    {"dcerpc.dg_auth_proto", "Auth proto", FieldType::kUint},
    {"dcerpc.dg_serial_lo", "Serial Low", FieldType::kUint, Show::kHex, 8},
};

std::uint8_t find_interface(Bytes uuid) {
  if (uuid.size() != 16) return 0;
  const std::string text = windows::guid_text(uuid);
  for (std::size_t i = 0; i < std::size(kInterfaces); ++i) {
    if (text == kInterfaces[i].uuid) return static_cast<std::uint8_t>(i + 1);
  }
  return 0;
}

const char* interface_name(std::uint8_t number) {
  return number == 0 || number > std::size(kInterfaces) ? "" : kInterfaces[number - 1U].name;
}

const char* packet_type_name(std::uint8_t type) {
  return type < std::size(kPacketTypes) ? kPacketTypes[type].name : "Unknown";
}

}  // namespace pr::dissect::dcerpc
