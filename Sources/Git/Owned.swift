// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CGit2

/// The sole owner of one libgit2 object; releases it exactly once.
///
/// The kind keeps one sort of object from being released as another.
@safe struct Owned<Kind: GitObjectKind>: ~Copyable {
    let pointer: OpaquePointer

    deinit { unsafe Kind.release(pointer) }
}

/// Knows how to release one sort of libgit2 object.
protocol GitObjectKind {
    @unsafe static func release(_ pointer: OpaquePointer)
}

enum RepositoryKind: GitObjectKind {
    @unsafe static func release(_ pointer: OpaquePointer) { unsafe git_repository_free(pointer) }
}

enum DatabaseKind: GitObjectKind {
    @unsafe static func release(_ pointer: OpaquePointer) { unsafe git_odb_free(pointer) }
}

enum StoredObjectKind: GitObjectKind {
    @unsafe static func release(_ pointer: OpaquePointer) { unsafe git_odb_object_free(pointer) }
}

enum CommitKind: GitObjectKind {
    @unsafe static func release(_ pointer: OpaquePointer) { unsafe git_commit_free(pointer) }
}

enum TreeKind: GitObjectKind {
    @unsafe static func release(_ pointer: OpaquePointer) { unsafe git_tree_free(pointer) }
}

enum WalkKind: GitObjectKind {
    @unsafe static func release(_ pointer: OpaquePointer) { unsafe git_revwalk_free(pointer) }
}

enum IndexKind: GitObjectKind {
    @unsafe static func release(_ pointer: OpaquePointer) { unsafe git_index_free(pointer) }
}

enum ConflictsKind: GitObjectKind {
    @unsafe static func release(_ pointer: OpaquePointer) {
        unsafe git_index_conflict_iterator_free(pointer)
    }
}

enum StatusKind: GitObjectKind {
    @unsafe static func release(_ pointer: OpaquePointer) { unsafe git_status_list_free(pointer) }
}

enum ConfigurationKind: GitObjectKind {
    @unsafe static func release(_ pointer: OpaquePointer) { unsafe git_config_free(pointer) }
}
