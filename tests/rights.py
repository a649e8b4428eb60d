"""What tests of who may read and write what need."""

import os

__all__ = ["OBEYS"]

OBEYS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
"""What goes before a command so that root obeys the rights of files like everybody else."""
