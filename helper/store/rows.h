// Numbers that rows of the catalog and of partitions hold; stored, so they stay.
#pragma once

namespace pr::store {

enum SliceFlag : int {
  kSliceOpen = 1,
  kSliceLast = 2,
  kSliceStream = 4,
  kSliceFragments = 8,
  kSliceSuperseded = 16,
  kSliceCarried = 32,
};

enum NameSource : int { kNameFromDns = 1, kNameFromSni = 2, kNameFromHost = 3 };

// Of segments and partitions.
enum FileState : int { kFileOpen = 0, kFileClosed = 1, kFileDoomed = 2 };

}  // namespace pr::store
