// Words shared by Modbus and its framing over TCP.
#pragma once

#include "shared/model/field.h"

namespace pr::dissect::modbus {

constexpr std::uint8_t kException = 0x80;  // set in the function code of a response that refuses

// The framing passes to a PDU: the first register or coil that was asked for in the low 16 bits, how many above them
// (0: not known), and bit 32 if the PDU is a request.

constexpr NamedValue kFunctions[] = {
    {1, "Read Coils"},
    {2, "Read Discrete Inputs"},
    {3, "Read Holding Registers"},
    {4, "Read Input Registers"},
    {5, "Write Single Coil"},
    {6, "Write Single Register"},
    {7, "Read Exception Status"},
    {8, "Diagnostics"},
    {11, "Get Comm. Event Counters"},
    {12, "Get Comm. Event Log"},
    {15, "Write Multiple Coils"},
    {16, "Write Multiple Registers"},
    {17, "Report Slave ID"},
    {20, "Read File Record"},
    {21, "Write File Record"},
    {22, "Mask Write Register"},
    {23, "Read Write Register"},
    {24, "Read FIFO Queue"},
    {43, "Encapsulated Interface Transport"},
    {90, "Unity (Schneider)"},
};

}  // namespace pr::dissect::modbus
