// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

// Confines itself and becomes another program:
//
//     loopdesk-launcher [OPTION ...] -- PROGRAM [ARGUMENT ...]
//
//     keep=N                 leave descriptor N open, beside 0, 1 and 2
//     read=PATH              what lies at PATH may be read and executed
//     write=PATH             what lies at PATH may also be written; both may be given often
//     processes=N            limits, in numbers, bytes or seconds; none without the option
//     files=N  file=BYTES  memory=BYTES  space=BYTES  cpu=SECONDS
//     listen=PORT:N          make a listener on 127.0.0.1:PORT, hand it over by socket N, and let
//                            the program connect to that port; without it there is no network
//
// The program's path is absolute and its environment that of the launcher. If anything cannot be
// done, the launcher says what on standard error and ends with the status of that step.

#include "launcher.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Noreturn void fail(int status, const char *step, const char *subject) {
    const char *reason = errno != 0 ? strerror(errno) : "not understood";
    fprintf(stderr, "loopdesk-launcher: cannot %s %s: %s\n", step, subject, reason);
    exit(status);
}

int main(int count, char **arguments) {
    if (count > 1 && strcmp(arguments[1], "probe") == 0) return probe(arguments + 2);
    struct options options;
    read_options(&options, arguments + 1);
    close_descriptors(&options);
    if (options.port != 0) pass_listener(&options);
    set_limits(&options);
    give_up_privileges();
    confine_files(&options);
    refuse_calls(options.port != 0);
    execv(options.program[0], options.program);
    int is_missing = errno == ENOENT || errno == ENOTDIR;
    fail(is_missing ? STATUS_NO_PROGRAM : STATUS_NOT_EXECUTABLE, "execute", options.program[0]);
}
