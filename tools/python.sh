#!/bin/sh
# Prints the Python that sets openekyc up: the one named as argument, else the first of the usual names that is 3.11 or newer and has what
# a virtual environment needs. A name alone proves nothing: version managers leave names that do not run.
named="$1"

fits() { "$1" -c 'import sys; sys.exit(not (sys.version_info >= (3, 11) and sys.maxsize > 2**32))' >/dev/null 2>&1; }
venv() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }
version() { "$1" -c 'import platform; print(platform.python_version())' 2>/dev/null || echo "no Python that runs"; }

found="" bare=""
for python in ${named:+"$named"} $([ -n "$named" ] || echo python3.11 python3.12 python3.13 python3.14 python3 python); do
    command -v "$python" >/dev/null 2>&1 || continue
    if ! fits "$python"; then
        found="$found $python is $(version "$python");"
    elif venv "$python"; then
        command -v "$python"
        exit 0
    else
        bare="${bare:-$python}"
    fi
done

if [ -n "$bare" ]; then
    number="$("$bare" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
    echo "The Python $bare cannot make virtual environments: its modules venv and ensurepip are not installed." >&2
    echo "  -> On Debian or Ubuntu: sudo apt-get install python$number-venv. Then give the same command again." >&2
else
    echo "Python 3.11 or newer (64 bit) is needed;${found:- ${named:-python3} was not found.}" >&2
    echo "  -> Install one, or name it: make run PYTHON=/path/to/python3.11" >&2
fi
exit 3
