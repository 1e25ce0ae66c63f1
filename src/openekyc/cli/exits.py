"""Exit codes of every command."""

DONE = 0
NO = 1  # the command worked and the answer is no: not passed, another person, a fault found
USAGE = 2  # wrong arguments (click's own code)
CANNOT_START = 3  # settings, home folder, weights or port
REFUSED = 4  # the server, a file or the store refused what was asked
INTERRUPTED = 130  # Ctrl-C, as shells have it
DEFECT = 70  # a defect of openekyc; the log line names it

TEXT = (
    "Exit codes: 0 done; 1 the answer is no; 2 wrong arguments; 3 settings, home, weights or port; 4 refused; 70 a defect; 130 interrupted."
)
