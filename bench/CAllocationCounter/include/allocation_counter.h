// SPDX-License-Identifier: Apache-2.0

#pragma once

/// How often this process has asked the C library for memory. The benchmark links functions that
/// count in front of the library's own; Swift cannot define them.
long alec_allocation_count(void);
