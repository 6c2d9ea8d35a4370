/*
 * The shift between WGS-84 and GCJ-02 is not published; this is the
 * approximation everybody uses, a sum of sines over the Krasovsky ellipsoid.
 */
#include <math.h>
#include <stdio.h>

#include "html.h"
#include "place.h"

#define AXIS 6378245.0 /* metres */
#define ECCENTRICITY 0.00669342162296594323 /* squared */

static double
wave(double x)
{
	return ((20.0 * sin(6.0 * x * M_PI) + 20.0 * sin(2.0 * x * M_PI)) * 2.0 / 3.0);
}

static double
north(double x, double y)
{
	return (-100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(fabs(x)) + wave(x) +
	    (20.0 * sin(y * M_PI) + 40.0 * sin(y / 3.0 * M_PI)) * 2.0 / 3.0 +
	    (160.0 * sin(y / 12.0 * M_PI) + 320.0 * sin(y * M_PI / 30.0)) * 2.0 / 3.0);
}

static double
east(double x, double y)
{
	return (300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(fabs(x)) + wave(x) +
	    (20.0 * sin(x * M_PI) + 40.0 * sin(x / 3.0 * M_PI)) * 2.0 / 3.0 +
	    (150.0 * sin(x / 12.0 * M_PI) + 300.0 * sin(x / 30.0 * M_PI)) * 2.0 / 3.0);
}

void
place_shift(double latitude, double longitude, double *shifted_latitude, double *shifted_longitude)
{
	double x = longitude - 105.0, y = latitude - 35.0, angle = latitude / 180.0 * M_PI;
	double flat = 1.0 - ECCENTRICITY * sin(angle) * sin(angle), root = sqrt(flat);

	*shifted_latitude = latitude + north(x, y) * 180.0 / (AXIS * (1.0 - ECCENTRICITY) / (flat * root) * M_PI);
	*shifted_longitude = longitude + east(x, y) * 180.0 / (AXIS / root * cos(angle) * M_PI);
}

char *
place_map_link(struct arena *arena, int latitude_e6, int longitude_e6, const char *name)
{
	struct html label;
	double latitude, longitude;

	place_shift(latitude_e6 / 1e6, longitude_e6 / 1e6, &latitude, &longitude);
	html_open(&label, arena, LANG_ZH, (struct date){DATE_NONE});
	html_url(&label, name);
	return (
	    arena_format(arena, "https://uri.amap.com/marker?position=%.6f,%.6f&name=%s&coordinate=gaode&callnative=1",
		longitude, latitude, label.out.at));
}
