# SPDX-License-Identifier: Apache-2.0
"""Bytes per reading and time per reading of alec frames beside other formats."""
