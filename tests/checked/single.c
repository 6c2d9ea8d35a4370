/*
 * Kore and the site as one program, for the sanitizers.
 *
 * Such a Kore has its configuration compiled in; ours is written by the
 * supervisor when it knows ports and folders, so it is read at the start of
 * the program from the file that KORE_CONF names.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The names under which Kore (config.c, kore.c) looks for them. */
extern uint8_t asset_builtin_kore_conf[65536];
extern uint32_t asset_len_builtin_kore_conf;
extern const char *kore_version;
extern const char *kore_build_date;

uint8_t asset_builtin_kore_conf[65536];
uint32_t asset_len_builtin_kore_conf;
const char *kore_version = "4.1.0-checked";
const char *kore_build_date = "";

__attribute__((constructor)) static void
read_conf(void)
{
	const char *path = getenv("KORE_CONF");
	FILE *file = path == NULL ? NULL : fopen(path, "re");

	if (file == NULL) {
		fputs("KORE_CONF names no file that can be read.\n", stderr);
		exit(1);
	}
	asset_len_builtin_kore_conf =
	    (uint32_t)fread(asset_builtin_kore_conf, 1, sizeof(asset_builtin_kore_conf), file);
	fclose(file);
}
