// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "include/CSandbox.h"

#include <link.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

// The first object that is listed is the program itself. Its executable segments are never written
// to, so what is let go of here is read again from the page cache when it is needed.
static int forget(struct dl_phdr_info *object, size_t size, void *unused)
{
    (void)size;
    (void)unused;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || segment->p_flags != (PF_R | PF_X)) continue;
        uintptr_t start = ((uintptr_t)object->dlpi_addr + segment->p_vaddr) & ~(page - 1);
        uintptr_t end = (uintptr_t)object->dlpi_addr + segment->p_vaddr + segment->p_filesz;
        madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 1;
}

void desk_forget_program_pages(void)
{
    dl_iterate_phdr(forget, 0);
}

struct place {
    int left;
    const char *name;
};

static int find(struct dl_phdr_info *object, size_t size, void *argument)
{
    (void)size;
    struct place *place = argument;
    place->name = object->dlpi_name;
    return place->left-- == 0;
}

const char *desk_library(int index)
{
    struct place place = { index, 0 };
    return dl_iterate_phdr(find, &place) ? place.name : 0;
}
