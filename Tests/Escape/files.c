// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "escape.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

static const char *foreign(void) { return in_desk("worktrees/checker/agents/checker/STATE.md"); }
static int lists(const char *path) {
    DIR *folder = opendir(path);
    int count = 0;
    while (folder != NULL && readdir(folder) != NULL) count++;
    if (folder != NULL) closedir(folder);
    return count > 2;
}

static int read_head(void) { return can_open(in_desk(".git/HEAD"), O_RDONLY); }
static int write_config(void) { return can_open(in_desk(".git/config"), O_WRONLY); }
static int plant_hook(void) { return can_create(in_desk(".git/hooks/post-checkout")); }
static int list_git(void) { return lists(in_desk(".git")); }
static int forge_branch(void) { return can_create(in_desk(".git/refs/heads/forged")); }
static int read_foreign(void) { return can_open(foreign(), O_RDONLY); }
static int write_foreign(void) {
    return can_create(in_desk("worktrees/checker/outbox/1-verdict.json"));
}
static int read_ledger(void) { return can_open(in_desk(".loopdesk/ledger.sqlite"), O_RDONLY); }
static int read_lock(void) { return can_open(in_desk(".loopdesk/lock"), O_RDWR); }
static int read_logs(void) { return lists(in_desk(".loopdesk/logs")); }
static int read_sealed(void) {
    return can_open(in_desk(".loopdesk/market/full/history.csv"), O_RDONLY);
}
static int read_feed(void) { return can_open(in_desk("data/bars.csv"), O_RDONLY); }
static int read_configuration(void) { return can_open(in_desk("orchestrator.yml"), O_RDONLY); }
static int write_pointer(void) { return can_open(in_own(".git"), O_WRONLY); }
static int remove_pointer(void) { return unlink(in_own(".git")) == 0; }
static int write_skill(void) { return can_open(in_own("agents/maker/SKILL.md"), O_WRONLY); }
static int write_inbox(void) { return can_create(in_own("inbox/0001-verdict.json")); }
static int write_root(void) {
    return can_create(in_own("trap")) || mkdir(in_own("trapped"), 0700) == 0;
}
static int nameless_file(void) { return can_open(in_own("."), O_TMPFILE | O_RDWR); }
static int read_shadow(void) { return can_open("/etc/shadow", O_RDONLY); }
static int read_users(void) { return can_open("/etc/passwd", O_RDONLY); }
static int read_home(void) { return can_open(given("home"), O_RDONLY); }
static int read_machine(void) { return can_open("/etc/machine-id", O_RDONLY) || lists("/sys"); }
static int write_system(void) { return can_create("/usr/bin/trap") || can_create("/usr/trap"); }
static int write_device(void) { return can_create("/dev/trap"); }
static int raw_memory(void) {
    return can_open("/dev/mem", O_RDONLY) || can_open("/dev/kmsg", O_RDONLY);
}

static int replace_pointer(void) {
    int descriptor = open(in_own("work/pointer"), O_WRONLY | O_CREAT, 0600);
    if (descriptor >= 0) close(descriptor);
    return rename(in_own("work/pointer"), in_own(".git")) == 0;
}

static int replace_skill(void) {
    int descriptor = open(in_own("work/skill"), O_WRONLY | O_CREAT, 0600);
    if (descriptor >= 0) close(descriptor);
    return rename(in_own("work/skill"), in_own("agents/maker/SKILL.md")) == 0;
}

static int unlock_skill(void) {
    chmod(in_own("agents/maker"), 0777);
    chmod(in_own("agents/maker/SKILL.md"), 0666);
    return can_open(in_own("agents/maker/SKILL.md"), O_RDWR);
}

static int follow_link(void) {
    unlink(in_own("work/link"));
    return symlink(foreign(), in_own("work/link")) == 0
        && can_open(in_own("work/link"), O_RDONLY);
}

static int hard_link(void) { return link(foreign(), in_own("work/hard")) == 0; }

static int climb(void) {
    int own = open(in_own("."), O_PATH | O_DIRECTORY);
    int file = openat(own, "../checker/agents/checker/STATE.md", O_RDONLY);
    return file >= 0;
}

static int through_own_root(void) {
    char path[4096];
    snprintf(path, sizeof path, "/proc/self/root%s", foreign());
    return can_open(path, O_RDONLY);
}

static int through_foreign_root(void) {
    char path[4096];
    snprintf(path, sizeof path, "/proc/%s/root%s", given("pid"), foreign());
    return can_open(path, O_RDONLY);
}

static int leaked_descriptor(void) { return fcntl(given_number("leak"), F_GETFD) >= 0; }

static int make_device(void) {
    return mknod(in_own("work/null"), S_IFCHR | 0600, makedev(1, 3)) == 0
        || mknod(in_own("work/disk"), S_IFBLK | 0600, makedev(8, 0)) == 0;
}

static int see_foreign(void) {
    struct stat status;
    return stat(foreign(), &status) == 0;
}

static int change_mode(void) { return chmod(foreign(), 0640) == 0; }
static int change_times(void) { return utimensat(AT_FDCWD, foreign(), NULL, 0) == 0; }
static int mark_foreign(void) { return setxattr(foreign(), "user.trap", "x", 1, 0) == 0; }
static int cut_foreign(void) { return truncate(foreign(), 0) == 0; }
static int change_root(void) { return chroot(in_own("work")) == 0; }

static int watch_foreign(void) {
    int watch = inotify_init1(IN_CLOEXEC);
    return inotify_add_watch(watch, in_desk("worktrees/checker/outbox"), IN_ALL_EVENTS) >= 0;
}

const struct attempt file_attempts[] = {
    {"read-git-head", read_head}, {"write-git-config", write_config},
    {"plant-git-hook", plant_hook}, {"list-git", list_git}, {"forge-branch", forge_branch},
    {"read-other-worktree", read_foreign}, {"write-other-outbox", write_foreign},
    {"read-ledger", read_ledger}, {"open-lock", read_lock}, {"read-logs", read_logs},
    {"read-sealed-history", read_sealed}, {"read-feed", read_feed},
    {"read-configuration", read_configuration}, {"write-git-pointer", write_pointer},
    {"remove-git-pointer", remove_pointer}, {"replace-git-pointer", replace_pointer},
    {"write-own-skill", write_skill}, {"replace-own-skill", replace_skill},
    {"unlock-own-skill", unlock_skill}, {"write-inbox", write_inbox},
    {"write-worktree-root", write_root}, {"nameless-file-in-root", nameless_file},
    {"follow-symbolic-link", follow_link}, {"make-hard-link", hard_link},
    {"climb-by-dots", climb}, {"read-through-own-root", through_own_root},
    {"read-through-foreign-root", through_foreign_root},
    {"use-leaked-descriptor", leaked_descriptor},
    {"read-shadow", read_shadow}, {"read-users", read_users}, {"read-home", read_home},
    {"read-machine", read_machine}, {"write-system", write_system},
    {"write-device-folder", write_device}, {"read-raw-memory", raw_memory},
    {"make-device", make_device}, {"see-other-file", see_foreign},
    {"change-other-mode", change_mode}, {"change-other-times", change_times},
    {"mark-other-file", mark_foreign}, {"cut-other-file", cut_foreign},
    {"watch-other-folder", watch_foreign}, {"change-root", change_root}, {0, 0},
};
