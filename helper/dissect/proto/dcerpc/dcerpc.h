// DCE/RPC (C706): the fields, and names of interfaces.
#pragma once

#include <cstdint>

#include "shared/base/bytes.h"
#include "shared/model/field.h"

namespace pr::dissect::dcerpc {

// Indexes into kFields.
enum Field : std::uint16_t {
  kVer,
  kVerMinor,
  kPktType,
  kCnFlags,
  kCnFlagsObject,
  kCnFlagsMaybe,
  kCnFlagsDne,
  kCnFlagsMpx,
  kCnFlagsReserved,
  kCnFlagsCancelPending,
  kCnFlagsLastFrag,
  kCnFlagsFirstFrag,
  kDrep,
  kDrepByteorder,
  kDrepCharacter,
  kDrepFp,
  kCnFragLen,
  kCnAuthLen,
  kCnCallId,
  kCnCtxId,
  kCnAllocHint,
  kOpnum,
  kObjId,
  kCnCancelCount,
  kCnStatus,
  kRequestIn,
  kTime,
  kEncryptedStubData,
  kCnMaxXmit,
  kCnMaxRecv,
  kCnAssocGroup,
  kCnNumCtxItems,
  kCnCtxItem,
  kCnNumTransItems,
  kCnBindAbstractSyntax,
  kCnBindToUuid,
  kCnBindIfVer,
  kCnBindIfVerMinor,
  kCnBindTrans,
  kCnBindTransId,
  kCnBindTransVer,
  kCnSecAddrLen,
  kCnSecAddr,
  kCnNumResults,
  kCnAckResult,
  kCnAckReason,
  kCnAckTransId,
  kCnAckTransVer,
  kCnBindTransBtfn,
  kCnRejectReason,
  kCnNumProtocols,
  kAuthInfo,
  kAuthType,
  kAuthLevel,
  kAuthPadLen,
  kAuthRsrvd,
  kAuthCtxId,
  kDgFlags1,
  kDgFlags1Rsrvd80,
  kDgFlags1Broadcast,
  kDgFlags1Idempotent,
  kDgFlags1Maybe,
  kDgFlags1Nofack,
  kDgFlags1Frag,
  kDgFlags1LastFrag,
  kDgFlags1Rsrvd01,
  kDgFlags2,
  kDgFlags2Rsrvd80,
  kDgFlags2Rsrvd40,
  kDgFlags2Rsrvd20,
  kDgFlags2Rsrvd10,
  kDgFlags2Rsrvd08,
  kDgFlags2Rsrvd04,
  kDgFlags2CancelPending,
  kDgFlags2Rsrvd01,
  kDgSerialHi,
  kDgIfId,
  kDgActId,
  kDgServerBoot,
  kDgIfVer,
  kDgSeqnum,
  kDgIhint,
  kDgAhint,
  kDgFragLen,
  kDgFragNum,
  kDgAuthProto,
  kDgSerialLo,
  kFieldCount
};
extern const FieldDef kFields[kFieldCount];

// The interface's number in the table of known ones, from 1 on; 0: not known. uuid: little endian as on the wire.
std::uint8_t find_interface(Bytes uuid);
// "svcctl"; "" for 0.
const char* interface_name(std::uint8_t number);
const char* packet_type_name(std::uint8_t type);

}  // namespace pr::dissect::dcerpc
