// SPDX-License-Identifier: Apache-2.0
#ifndef ALEC_CMOSQUITTO_SHIM_H
#define ALEC_CMOSQUITTO_SHIM_H

#include <mosquitto.h>
#include <mqtt_protocol.h>

#endif
