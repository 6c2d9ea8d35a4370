/*
 * Place: from the positions we keep (WGS-84) to the maps people have.
 */
#ifndef BASE_PLACE_H
#define BASE_PLACE_H

#include "arena.h"

/* WGS-84 to GCJ-02, the shifted datum that maps in mainland China must use; both in degrees. Good to a few metres. */
void	 place_shift(double latitude, double longitude, double *shifted_latitude, double *shifted_longitude);
/* A link that opens 高德地图 (or its page) at this position, given in millionths of a degree. */
char	*place_map_link(struct arena *, int latitude_e6, int longitude_e6, const char *name);

#endif
