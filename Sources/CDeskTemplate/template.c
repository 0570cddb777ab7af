// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

// The files of a new desk are the ones at the top of this project, embedded as they are.

#include "desk_template.h"

static const unsigned char file_0[] = {
#embed "../../agents/backtester/SKILL.md"
};
static const unsigned char file_1[] = {
#embed "../../agents/executor/SKILL.md"
};
static const unsigned char file_2[] = {
#embed "../../agents/ingestor/SKILL.md"
};
static const unsigned char file_3[] = {
#embed "../../agents/researcher/SKILL.md"
};
static const unsigned char file_4[] = {
#embed "../../agents/risk/SKILL.md"
};
static const unsigned char file_5[] = {
#embed "../../agents/verifier/SKILL.md"
};
static const unsigned char file_6[] = {
#embed "../../data/README.md"
};
static const unsigned char file_7[] = {
#embed "../../data/earnings.csv"
};
static const unsigned char file_8[] = {
#embed "../../data/fomc.csv"
};
static const unsigned char file_9[] = {
#embed "../../data/us-equities-daily.csv"
};
static const unsigned char file_10[] = {
#embed "../../orchestrator.yml"
};
static const unsigned char file_11[] = {
#embed "../../skills/trading-rules/SKILL.md"
};

static const struct desk_template_file files[] = {
    {"agents/backtester/SKILL.md", file_0, sizeof file_0},
    {"agents/executor/SKILL.md", file_1, sizeof file_1},
    {"agents/ingestor/SKILL.md", file_2, sizeof file_2},
    {"agents/researcher/SKILL.md", file_3, sizeof file_3},
    {"agents/risk/SKILL.md", file_4, sizeof file_4},
    {"agents/verifier/SKILL.md", file_5, sizeof file_5},
    {"data/README.md", file_6, sizeof file_6},
    {"data/earnings.csv", file_7, sizeof file_7},
    {"data/fomc.csv", file_8, sizeof file_8},
    {"data/us-equities-daily.csv", file_9, sizeof file_9},
    {"orchestrator.yml", file_10, sizeof file_10},
    {"skills/trading-rules/SKILL.md", file_11, sizeof file_11},
};

size_t desk_template_count(void) {
    return sizeof files / sizeof files[0];
}

struct desk_template_file desk_template_file_at(size_t index) {
    return files[index];
}
