#!/bin/sh
# The browser of a command that has what others leave of the machine: Playwright gives each a session of its own.
exec "$(dirname "$0")/left-over.sh" "$HOLDFAST_BROWSER_ITSELF" "$@"
