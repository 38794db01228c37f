/* pcap_files.h -- which packets of a run are kept, and the files they are in.
 *
 * A repetition's file is DIRECTORY/case.family.pcapng, or case.family.N.pcapng for the N-th to land
 * where there may be several. A pair that sent no packets has none.
 */
#ifndef SOCKDRILL_PCAP_FILES_H
#define SOCKDRILL_PCAP_FILES_H

#include "engine/needs.h"
#include "engine/result.h"

struct pcap_files;

struct pcap_setting {
	const char *directory; /* made when it is not there; NULL: a new one among temporary files */
	size_t instances;      /* of the plan */
	bool numbered;         /* an instance may run more than once */
	bool all;              /* also what is as expected */
	const struct os_facts *os;
};

/* NULL: *ret_error (one line, new memory) says why. pcap_files_destroy takes NULL; it removes a
 * directory that it made and that is empty. */
struct pcap_files *pcap_files_create(const struct pcap_setting *setting, char **ret_error);
void pcap_files_destroy(struct pcap_files *files);

/* Whether packets can be taken in worlds like these; false: *ret_error says why and what to do. */
bool pcap_files_possible(const struct abilities *abilities, char **ret_error);

/* Writes the packets that were lent with a repetition's result, unless it is as expected and not
 * all are wanted; result->pcap names the file then. Removes one of that name that an earlier run
 * left otherwise. Files are written by another process, a little later. False: *ret_error says why
 * that is not possible. */
bool pcap_files_land(struct pcap_files *files, size_t instance, bool expected,
		     struct result *result, char **ret_error);
/* Of all repetitions of an instance: when it is as expected after all the files that not all wanted
 * are removed; else the result names one, if there is any. */
void pcap_files_settle(struct pcap_files *files, size_t instance, struct result *result);
/* Another round of the same instances begins, whose files replace those of the one before. */
void pcap_files_restart(struct pcap_files *files);

/* Waits until all is in its files. False: *ret_error says what could not be written. */
bool pcap_files_finish(struct pcap_files *files, char **ret_error);
/* One line on the whole: how many are kept and where. */
void pcap_files_tell(const struct pcap_files *files, FILE *out);

#endif
