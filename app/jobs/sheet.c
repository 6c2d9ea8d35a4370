/*
 * Sheets of A4, with cairo and Pango. Names come from anybody, so every text
 * has its room and stays in it: nothing of it is drawn outside, and whatever
 * font a letter is found in, lines keep their distance.
 */
#include <string.h>
#include <unistd.h>

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "jobs.h"
#include "sheet.h"

#define CHARACTERS_MOST 400 /* of one text */
#define MARKS_MOST 3 /* on one letter */
#define LATIN_END 0x250
#define CHINESE 0x2e80 /* and what else has its width */

#define SERIF "Noto Serif CJK SC", "Noto Serif CJK KR"
#define SANS "Noto Sans CJK SC", "Noto Sans CJK KR"

static const struct {
	const char *family, *latin;
	double size, line;
	bool bold;
	enum ink ink;
} faces[] = {
    [FACE_TITLE] = {SERIF, 25, 36, true, INK},
    [FACE_HEADING] = {SERIF, 12, 18, true, INK},
    [FACE_TEXT] = {SANS, 9.5, 14.5, false, INK},
    [FACE_STRONG] = {SANS, 10, 15, true, INK},
    [FACE_LABEL] = {SANS, 8.5, 13, false, INK_QUIET},
    [FACE_SMALL] = {SANS, 8, 11.5, false, INK_QUIET},
    [FACE_TIGHT] = {SANS, 7, 11.5, false, INK},
};

struct sheet sheet;
static cairo_t *cairo;
static PangoContext *context;

/*
 * No line ends, nothing that turns the direction of writing, no towers of marks, not endless. Of what cannot be seen only
 * the joiners stay, which some scripts need.
 */
const char *
sheet_clean(const char *text)
{
	GString *out = g_string_new(NULL);
	int marks = 0, characters = 0;
	bool gap = false;

	for (const char *at = text; *at != '\0' && characters < CHARACTERS_MOST; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char_validated(at, -1);
		GUnicodeType type;

		if (c == (gunichar)-1 || c == (gunichar)-2)
			break;
		type = g_unichar_type(c);
		marks = g_unichar_ismark(c) ? marks + 1 : 0;
		if (g_unichar_isspace(c) || type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR ||
		    type == G_UNICODE_PARAGRAPH_SEPARATOR)
			gap = true;
		else if ((type != G_UNICODE_FORMAT || c == 0x200c || c == 0x200d) && marks <= MARKS_MOST) {
			if (gap && out->len > 0)
				g_string_append_c(out, ' ');
			gap = false;
			g_string_append_unichar(out, c);
			characters++;
		}
	}
	if (out->len == 0)
		g_string_append(out, "—");
	return out->str;
}

/*
 * Latin letters come from a sister of the font, which draws them alike: where certain of them meet in one subset (F and I),
 * cairo keeps what all Chinese characters of that font are made of, close to a megabyte. In English the sister has the
 * quotation marks, too; the Chinese ones are as wide as a character.
 */
static void
set_latin(PangoAttrList *list, enum face face, const char *text)
{
	gunichar end = sheet.lang == LANG_EN ? CHINESE : LATIN_END;
	PangoAttribute *family = NULL;

	for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
		if (g_utf8_get_char(at) >= end) {
			family = NULL;
			continue;
		}
		if (family == NULL) {
			family = pango_attr_family_new(faces[face].latin);
			family->start_index = (guint)(at - text);
			pango_attr_list_insert(list, family);
		}
		family->end_index = (guint)(g_utf8_next_char(at) - text);
	}
}

/*
 * Takes from the end of a text what has no room. Pango's own ellipsis would leave all of it in the file, where nobody sees
 * it and everybody who copies from the paper gets it.
 */
static void
cut(PangoLayout *layout, int lines)
{
	while (pango_layout_get_line_count(layout) > lines) {
		const PangoLayoutLine *last = pango_layout_get_line_readonly(layout, lines - 1);
		const char *text = pango_layout_get_text(layout), *end = text + last->start_index + last->length;
		char *left;

		if (end > text)
			end = g_utf8_prev_char(end);
		left = g_strchomp(g_strndup(text, (gsize)(end - text)));
		pango_layout_set_text(layout, g_strconcat(left, "…", NULL), -1);
		if (left[0] == '\0')
			return;
	}
}

static PangoLayout *
lay(enum face face, struct place place, const char *text)
{
	PangoLayout *layout = pango_layout_new(context);
	PangoFontDescription *font = pango_font_description_new();
	PangoAttrList *list = pango_attr_list_new();

	pango_font_description_set_family(font, faces[face].family);
	pango_font_description_set_weight(font, faces[face].bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_absolute_size(font, faces[face].size * PANGO_SCALE);
	pango_layout_set_font_description(layout, font);
	pango_attr_list_insert(list, pango_attr_font_features_new("tnum=1"));
	pango_attr_list_insert(list, pango_attr_line_height_new_absolute((int)(faces[face].line * PANGO_SCALE)));
	if (place.struck)
		pango_attr_list_insert(list, pango_attr_strikethrough_new(TRUE));
	set_latin(list, face, text);
	pango_layout_set_attributes(layout, list);
	pango_layout_set_auto_dir(layout, FALSE);
	pango_layout_set_single_paragraph_mode(layout, TRUE);
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_alignment(layout, place.right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
	pango_layout_set_width(layout, (int)(place.width * PANGO_SCALE));
	pango_layout_set_text(layout, text, -1);
	cut(layout, place.lines > 1 ? place.lines : 1);
	return layout;
}

static double
lower(enum face face, PangoLayout *layout)
{
	return (pango_layout_get_line_count(layout) - 1) * faces[face].line;
}

double
sheet_measure(enum face face, struct place place, const char *text)
{
	return lower(face, lay(face, place, text));
}

bool
sheet_holds(enum face face, struct place place, const char *text)
{
	return strcmp(pango_layout_get_text(lay(face, place, text)), text) == 0;
}

double
sheet_line(enum face face)
{
	return faces[face].line;
}

static void
set_ink(enum ink ink)
{
	unsigned colour = ink;

	cairo_set_source_rgb(cairo, (colour >> 16) / 255.0, (colour >> 8 & 255) / 255.0, (colour & 255) / 255.0);
}

void
sheet_rule(double x, double end, double y, double width, enum ink ink)
{
	set_ink(ink);
	cairo_rectangle(cairo, x, y - width / 2, end - x, width);
	cairo_fill(cairo);
}

double
sheet_put(enum face face, double y, struct place place, const char *text)
{
	PangoLayout *layout = lay(face, place, text);
	double more = lower(face, layout), line = faces[face].line;

	cairo_save(cairo);
	cairo_rectangle(cairo, place.x - 1, y - line, place.width + 2, line * 1.5 + more);
	cairo_clip(cairo);
	set_ink(place.quiet ? INK_QUIET : faces[face].ink);
	cairo_move_to(cairo, place.x, y - (double)pango_layout_get_baseline(layout) / PANGO_SCALE);
	pango_cairo_show_layout(cairo, layout);
	cairo_restore(cairo);
	return more;
}

void
sheet_need(double height)
{
	if (sheet.y + height <= SHEET_BOTTOM)
		return;
	sheet.foot();
	cairo_show_page(cairo);
	sheet.page++;
	sheet.next();
	if (sheet.columns != NULL)
		sheet.columns();
}

static cairo_status_t
collect(void *to, const unsigned char *bytes, unsigned length)
{
	g_byte_array_append(to, bytes, length);
	return CAIRO_STATUS_SUCCESS;
}

/* The whole paper; `to` NULL: it is thrown away. Returns what went wrong, NULL: nothing. */
static const char *
draw(GByteArray *to)
{
	cairo_surface_t *surface =
	    cairo_pdf_surface_create_for_stream(to == NULL ? NULL : collect, to, SHEET_WIDTH, SHEET_HEIGHT);
	cairo_status_t status;

	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, sheet.title);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, sheet.author);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, sheet.made);
	cairo = cairo_create(surface);
	context = pango_cairo_create_context(cairo);
	pango_context_set_language(context, pango_language_from_string(lang_tag(sheet.lang)));
	pango_context_set_base_dir(context, PANGO_DIRECTION_LTR);
	pango_context_set_round_glyph_positions(context, FALSE);
	sheet.page = 1;
	sheet.y = SHEET_TOP;
	sheet.columns = NULL;
	sheet.draw();
	sheet.foot();
	cairo_show_page(cairo);
	status = cairo_status(cairo);
	/* Only what is finished gets its fonts, which is most of the work. */
	if (status == CAIRO_STATUS_SUCCESS && to != NULL) {
		cairo_surface_finish(surface);
		status = cairo_surface_status(surface);
	}
	return status == CAIRO_STATUS_SUCCESS ? NULL : cairo_status_to_string(status);
}

/* What the libraries warn of is no line of the log. */
static void
hush(const gchar *domain, GLogLevelFlags level, const gchar *text, gpointer arg)
{
	(void)domain;
	(void)level;
	(void)text;
	(void)arg;
}

void
sheet_make(int out)
{
	GByteArray *made = g_byte_array_new();
	const char *why;

	g_log_set_default_handler(hush, NULL);
	/* Once to count the pages, once to say of each that it is one of so many. */
	why = draw(NULL);
	sheet.pages = sheet.page;
	if (why == NULL)
		why = draw(made);
	if (why != NULL)
		work_refuse(out, why);
	work_put(out, made->data, made->len);
	_exit(0);
}
