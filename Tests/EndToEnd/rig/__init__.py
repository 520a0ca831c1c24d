# SPDX-License-Identifier: Apache-2.0
"""The pieces that the end-to-end tests and the demo are built of. Standard library only."""
