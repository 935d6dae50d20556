"""What holds for all tests."""

import signal

# Where the tests are started in the background, Ctrl-C is ignored, and every process they start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
