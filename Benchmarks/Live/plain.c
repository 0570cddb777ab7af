// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

// What a program does that uses libgit2 as its manual shows: a blob, trees, a commit, a branch that
// moves. Usage: plain FOLDER COMMITS FILES FLUSHED; prints the milliseconds of each commit.

#include <git2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void check(int status, const char *what) {
    if (status >= 0) return;
    const git_error *error = git_error_last();
    fprintf(stderr, "plain: %s: %s\n", what, error ? error->message : "unknown");
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

// Puts files into a folder of a folder, so that no folder grows beyond a hundred.
static void put(git_repository *repository, git_oid *root, int has_root, int number, int files) {
    git_tree *old = NULL, *old_inner = NULL;
    git_treebuilder *outer, *inner;
    git_oid blob, tree;
    char name[32], folder[32], body[1024];
    snprintf(folder, sizeof folder, "%06d", number / 100);
    if (has_root) check(git_tree_lookup(&old, repository, root), "read a tree");
    const git_tree_entry *entry = old ? git_tree_entry_byname(old, folder) : NULL;
    if (entry)
        check(git_tree_lookup(&old_inner, repository, git_tree_entry_id(entry)), "read a tree");
    check(git_treebuilder_new(&inner, repository, old_inner), "make a tree");
    for (int file = 0; file < files; file++) {
        unsigned long value = number * 1000003UL + file;
        for (size_t place = 0; place + 16 <= sizeof body; place += 16) {
            value = value * 6364136223846793005UL + 1442695040888963407UL;
            char digits[17];
            snprintf(digits, sizeof digits, "%016lx", value);
            memcpy(body + place, digits, 16);
        }
        check(git_blob_create_from_buffer(&blob, repository, body, sizeof body), "write a blob");
        snprintf(name, sizeof name, "%06d-%03d.json", number, file);
        check(git_treebuilder_insert(NULL, inner, name, &blob, GIT_FILEMODE_BLOB), "add");
    }
    check(git_treebuilder_write(&tree, inner), "write a tree");
    check(git_treebuilder_new(&outer, repository, old), "make a tree");
    check(git_treebuilder_insert(NULL, outer, folder, &tree, GIT_FILEMODE_TREE), "add");
    check(git_treebuilder_write(root, outer), "write a tree");
    git_treebuilder_free(inner);
    git_treebuilder_free(outer);
    git_tree_free(old_inner);
    git_tree_free(old);
}

int main(int count, char **words) {
    if (count != 5) return 64;
    int commits = atoi(words[2]), files = atoi(words[3]), flushed = atoi(words[4]);
    git_repository *repository;
    git_signature *author;
    git_oid root, head;
    git_libgit2_init();
    check(git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, flushed), "set an option");
    check(git_repository_init(&repository, words[1], 0), "make a repository");
    check(git_signature_new(&author, "plain", "plain@invalid", 1, 0), "make an author");
    for (int number = 0; number < commits; number++) {
        double start = now();
        put(repository, &root, number > 0, number, files);
        git_tree *tree;
        git_commit *parent = NULL;
        check(git_tree_lookup(&tree, repository, &root), "read a tree");
        if (number) check(git_commit_lookup(&parent, repository, &head), "read a commit");
        const git_commit *parents[] = {parent};
        check(git_commit_create(&head, repository, "refs/heads/signals", author, author, NULL,
                                "signal", tree, parent ? 1 : 0, parents),
              "commit");
        printf("%.4f\n", now() - start);
        git_commit_free(parent);
        git_tree_free(tree);
    }
    return 0;
}
