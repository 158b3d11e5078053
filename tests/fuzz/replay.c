/* SPDX-License-Identifier: BSD-3-Clause */
/* Runs one fuzz target over every file of the corpus folders named on the command line. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return -1;

    static const size_t limit = 16u << 20;
    uint8_t *data = malloc(limit);
    const size_t size = data ? fread(data, 1, limit, f) : 0;
    fclose(f);
    if (data)
        LLVMFuzzerTestOneInput(data, size);
    free(data);
    return 0;
}

int main(int argc, char **argv)
{
    unsigned n = 0;

    for (int i = 1; i < argc; i++) {
        DIR *dir = opendir(argv[i]);
        if (!dir) {
            fprintf(stderr, "%s: no such corpus folder\n", argv[i]);
            return 1;
        }
        for (struct dirent *e; (e = readdir(dir));) {
            char path[4096];
            if (e->d_name[0] == '.')
                continue;
            snprintf(path, sizeof(path), "%s/%s", argv[i], e->d_name);
            if (replay_file(path) == 0)
                n++;
        }
        closedir(dir);
    }
    printf("%u inputs replayed\n", n);
    return n ? 0 : 1;
}
