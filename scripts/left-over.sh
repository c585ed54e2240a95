#!/bin/sh
# Runs a command with what others leave of the machine. Linux weighs whole sessions against each other first
# (autogroup), and whatever was started with one of its own has to ask for less there: its niceness counts among its own
# children alone. To be called as the leader of a session.
echo 19 2>/dev/null >/proc/self/autogroup
exec nice -n 19 "$@"
