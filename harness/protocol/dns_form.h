/* dns_form.h -- what the data of each known type consist of: one table for reading and writing. */
#ifndef SOCKDRILL_DNS_FORM_H
#define SOCKDRILL_DNS_FORM_H

#include "protocol/dns.h"

enum dns_data {
	DNS_OPAQUE,  /* any bytes */
	DNS_SIZED,   /* `size` bytes */
	DNS_STRINGS, /* one or more, each with its length in one byte */
	DNS_OPTIONS, /* each with code and length */
	DNS_FIELDS   /* numbers and names */
};

struct dns_form {
	uint16_t type;
	uint16_t class; /* the only one with such data; 0: any */
	enum dns_data data;
	uint8_t size;
	uint8_t shorts; /* numbers of 2 bytes, before the names */
	uint8_t names;
	uint8_t longs;   /* numbers of 4 bytes, after the names */
	bool compressed; /* its names may be written so: RFC 3597 4 */
};

/* Never NULL: what is not known is opaque. */
const struct dns_form *dns_form_of(uint16_t type, uint16_t class);

/* Whether data that are no fields are what the form says. */
bool dns_data_fits(const struct dns_form *form, struct slice data);

/* Why the record, an OPT, cannot be where it is, `several`: there was one before; NULL: it can. */
const char *dns_opt_fault(const struct dns_record *record, bool several);

#endif
