// Answers about packets: as rows, as trees and dumps, or as a capture file.
#pragma once

#include "helper/view/question.h"

namespace pr::view {

absl::StatusOr<QueryReport> answer_packets(const Question& question);
// The packets of the flows that the question selects, in capture order.
absl::StatusOr<QueryReport> answer_packets_of_flows(const Question& question);

}  // namespace pr::view
