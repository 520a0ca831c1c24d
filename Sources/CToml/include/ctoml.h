// SPDX-License-Identifier: Apache-2.0
#ifndef ALEC_CTOML_H
#define ALEC_CTOML_H
#endif
