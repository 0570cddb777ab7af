// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Testing

/// Files that attack whoever runs git in a worktree: how each is planted, and how it is visited.
///
/// The script is run in the worktree with the name of a payload, or with `visit` and a folder.
/// Every payload that runs makes the file that `CANARY` names.
public enum PayloadScript {
    /// One payload, where somebody walks into it, and whether git as installed here runs it when
    /// nothing is done about it.
    public struct Payload: Sendable, CustomTestStringConvertible {
        /// Its name in the script.
        public let testDescription: String
        /// Where somebody walks into it.
        public let visited: String
        /// Whether git as installed here runs it when nothing is done about it.
        public var runs = true
    }

    /// What an agent in a sandbox can plant, too: it writes only below `work/` and `outbox/`.
    public static let inside = [
        Payload(testDescription: "fsmonitor", visited: "work/nested"),
        Payload(testDescription: "work-itself", visited: "work"),
        Payload(testDescription: "outbox-part", visited: "outbox/x.part"),
        Payload(testDescription: "deep", visited: "work/a/b/c"),
        Payload(testDescription: "bare", visited: "work/bare"),
        Payload(testDescription: "bare-common", visited: "work/bare"),
        Payload(testDescription: "gitfile", visited: "work"),
        Payload(testDescription: "gitlink-folder", visited: "work"),
        Payload(testDescription: "hooks-path", visited: "work/nested"),
        Payload(testDescription: "hook", visited: "work/nested"),
        Payload(testDescription: "pager", visited: "work/nested", runs: false),
        Payload(testDescription: "external-diff", visited: "work/nested"),
        Payload(testDescription: "textconv", visited: "work/nested"),
        Payload(testDescription: "filter", visited: "work/nested"),
        Payload(testDescription: "alias", visited: "work/nested"),
        Payload(testDescription: "include", visited: "work/nested"),
        Payload(testDescription: "nested-submodule", visited: "work/nested"),
        Payload(testDescription: "nested-attributes", visited: "work", runs: false),
        Payload(testDescription: "upper-case", visited: "work/nested", runs: false),
    ]

    /// What only an agent without a sandbox can plant: at the top, beside its memory, in git's
    /// record of the worktree.
    public static let outside = [
        Payload(testDescription: "top-gitfile", visited: "."),
        Payload(testDescription: "top-repository", visited: "."),
        Payload(testDescription: "top-link", visited: "."),
        Payload(testDescription: "top-attributes", visited: "."),
        Payload(testDescription: "top-folder", visited: "extra"),
        Payload(testDescription: "own-repository", visited: "agents/researcher"),
        Payload(testDescription: "own-attributes", visited: "."),
        Payload(testDescription: "inbox-repository", visited: "inbox"),
        Payload(testDescription: "submodule", visited: "."),
        Payload(testDescription: "record-common", visited: "."),
        Payload(testDescription: "record-settings", visited: "."),
    ]

    /// The variables of the script: everything but what is planted stands in one folder.
    public static func variables(_ root: String) -> [String: String] {
        [
            "PATH": "/usr/bin:/bin", "HOME": root, "PAGER": "cat", "CANARY": "\(root)/canary",
            "OUTSIDE": root, "GIT_CONFIG_GLOBAL": "\(root)/user.gitconfig",
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "x", "GIT_AUTHOR_EMAIL": "x@x",
            "GIT_COMMITTER_NAME": "x", "GIT_COMMITTER_EMAIL": "x@x",
        ]
    }

    /// What stands in `user.gitconfig`: drivers of the user's own, which a repository must not be
    /// able to call up.
    public static func userSettings(_ root: String) -> String {
        """
        [filter "user"]
            clean = "touch '\(root)/canary';cat"
        [diff "user"]
            textconv = "touch '\(root)/canary';cat"
        [alias]
            st = status
        """
    }

    /// The script.
    public static let text = #"""
        set -u
        evil() { # a repository whose settings run a program at each look
            git init -q "$1" && git -C "$1" config core.fsmonitor "touch '$CANARY';:"
        }
        filled() { # a repository with a file that was changed after its commit
            git init -q "$1" && echo one > "$1/f" && git -C "$1" add f
            git -C "$1" commit -qm f && echo two > "$1/f"
        }
        set_in() { git -C "$1" config "$2" "$3"; }
        record() { sed -n 's/^gitdir: //p' .git; }
        run="touch '$CANARY';cat"
        mkdir -p work outbox inbox
        case $1 in
        fsmonitor) evil work/nested ;;
        work-itself) evil work ;;
        outbox-part) evil outbox/x.part ;;
        deep) mkdir -p work/a/b; evil work/a/b/c ;;
        bare) evil work/hidden; mv work/hidden/.git work/bare; rmdir work/hidden
            printf '[core]\nworktree = .\nbare = false\n' >> work/bare/config ;;
        bare-common) evil work/hidden; mkdir work/bare
            cp work/hidden/.git/HEAD work/bare/HEAD; echo ../hidden/.git > work/bare/commondir
            set_in work/hidden alias.st "!touch '$CANARY'" ;;
        gitfile) evil work/hidden; mv work/hidden/.git work/hidden/store
            echo 'gitdir: hidden/store' > work/.git ;;
        gitlink-folder) evil work/hidden; mv work/hidden/.git work/hidden/store
            ln -s hidden/store work/.git ;;
        hooks-path) filled work/nested; mkdir work/hooks
            printf "#!/bin/sh\ntouch '$CANARY'\n" > work/hooks/post-index-change
            chmod +x work/hooks/*; set_in work/nested core.hooksPath "$PWD/work/hooks" ;;
        hook) filled work/nested
            printf "#!/bin/sh\ntouch '$CANARY'\n" > work/nested/.git/hooks/post-index-change
            chmod +x work/nested/.git/hooks/post-index-change ;;
        pager) filled work/nested; set_in work/nested core.pager "$run" ;;
        external-diff) filled work/nested; set_in work/nested diff.external "touch '$CANARY';:" ;;
        textconv) filled work/nested; echo 'f diff=x' > work/nested/.gitattributes
            set_in work/nested diff.x.textconv "touch '$CANARY';cat" ;;
        filter) filled work/nested; echo 'f filter=x' > work/nested/.gitattributes
            set_in work/nested filter.x.clean "$run" ;;
        alias) filled work/nested; set_in work/nested alias.st "!touch '$CANARY'" ;;
        include) git init -q work/nested
            printf "[core]\nfsmonitor = \"touch '$CANARY';:\"\n" > work/settings
            set_in work/nested include.path "$PWD/work/settings" ;;
        nested-submodule) filled work/nested; filled work/nested/sub
            git -C work/nested -c advice.addEmbeddedRepo=false add sub
            set_in work/nested/sub core.fsmonitor "touch '$CANARY';:" ;;
        nested-attributes) echo '* filter=user diff=user' > work/.gitattributes; echo x > work/f ;;
        upper-case) evil work/nested; mv work/nested/.git work/nested/.GIT ;;
        top-gitfile) evil work/hidden; mv work/hidden/.git work/hidden/store
            echo 'gitdir: work/hidden/store' > .git ;;
        top-repository) mv .git work/pointer; evil . ;;
        top-link) evil work/hidden; mv work/hidden/.git work/hidden/store
            rm .git; ln -s work/hidden/store .git ;;
        top-attributes) echo '* filter=user diff=user' > .gitattributes ;;
        top-folder) evil extra ;;
        own-repository) evil agents/researcher ;;
        own-attributes) echo '* filter=user diff=user' > agents/researcher/.gitattributes ;;
        inbox-repository) evil inbox ;;
        submodule) filled agents/sub; id=$(git -C agents/sub rev-parse HEAD)
            git update-index --add --cacheinfo "160000,$id,agents/sub"
            set_in agents/sub core.fsmonitor "touch '$CANARY';:" ;;
        record-common) evil "$OUTSIDE/evil"; echo "$OUTSIDE/evil/.git" > "$(record)/commondir" ;;
        record-settings) git config extensions.worktreeConfig true
            printf "[core]\nfsmonitor = \"touch '$CANARY';:\"\n" > "$(record)/config.worktree" ;;
        visit) cd "$2" || exit 0
            git status; git status --ignored; git diff; git -p log -2; git log -p -2; git show
            git stash list; git add -n .; git st; git branch; git ls-files ;;
        walk) find . -type d -not -path '*/objects/*' | while read -r folder; do
            (cd "$folder" && git status && git -p log -1); done ;;
        esac > "$OUTSIDE/log" 2>&1 < /dev/null
        """#
}
