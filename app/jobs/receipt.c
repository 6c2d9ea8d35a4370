/*
 * What stands on a receipt, from top to bottom. How it gets onto paper is
 * sheet.c's business. What people wrote goes through sheet_clean.
 */
#include <string.h>

#include <glib.h>

#include "build/text.h"
#include "receipt.h"
#include "sheet.h"

#define WIDTH (SHEET_RIGHT - SHEET_LEFT)
#define ROW 19.0 /* of a table */
#define BASE 13.5 /* in it: where its words stand */
#define TOTALS 104.0

/* The columns of both tables: a date, what it is, and one or two amounts. */
#define DATE_WIDTH 124.0
#define FEN_WIDTH 96.0
static const struct place date_column = {.x = SHEET_LEFT, .width = DATE_WIDTH - 8};
static const struct place room_column = {.x = SHEET_LEFT + DATE_WIDTH, .width = WIDTH - DATE_WIDTH - FEN_WIDTH - 8};
/* Amounts leave a part of their column empty. */
static const struct place item_column = {.x = SHEET_LEFT + DATE_WIDTH,
    .width = WIDTH - DATE_WIDTH - 2 * FEN_WIDTH + 34,
    .lines = 2};
static const struct place charged_column = {.x = SHEET_RIGHT - 2 * FEN_WIDTH, .width = FEN_WIDTH, .right = true};
static const struct place last_column = {.x = SHEET_RIGHT - FEN_WIDTH, .width = FEN_WIDTH, .right = true};

struct both {
	const char *zh, *en;
};

/* Words of this paper only; what it shares with pages are texts (assets/text). */
static const struct both word_title = {"收款凭据", "Receipt"};
static const struct both word_no_invoice = {
    "本凭据不是发票；需要发票请向房东索取。", "This is not a tax invoice (发票); ask your host for one."};
static const struct both word_phone = {"协会电话 ", "Association phone "};
static const struct both word_code = {"订单号 ", "Booking "};
static const struct both word_made = {"出具时间 ", "Made "};
static const struct both word_guest = {"客人", "Guest"};
static const struct both word_house = {"民宿", "House"};
static const struct both word_address = {"地址", "Address"};
static const struct both word_house_phone = {"房东电话", "Host’s phone"};
static const struct both word_arrive = {"入住", "Arrival"};
static const struct both word_leave = {"离店", "Departure"};
static const struct both word_rooms = {"房间", "Rooms"};
static const struct both word_state = {"状态", "State"};
static const struct both word_nights = {"每晚房费", "Nights"};
static const struct both word_nights_booked = {"原订的每晚房费", "Nights as booked"};
static const struct both word_date = {"日期", "Date"};
static const struct both word_room = {"房间", "Room"};
static const struct both word_price = {"房费", "Price"};
static const struct both word_one_night = {"1 晚", "1 night"};
static const struct both word_many_nights = {" 晚", " nights"};
static const struct both word_account = {"收支明细", "Account"};
static const struct both word_item = {"事项", "Item"};
static const struct both word_charged = {"应收", "Charged"};
static const struct both word_received = {"实收", "Received"};
static const struct both word_total = {"应收合计", "Total charged"};
static const struct both word_paid = {"已付", "Paid"};
static const struct both word_given_back = {"已退", "Given back"};
static const struct both word_to_pay = {"还应付", "Still to pay"};
static const struct both word_to_give_back = {"应退还", "To be given back"};
static const struct both word_settled = {"已结清", "Settled"};
static const struct both word_by = {"经手：", "By "};
static const struct both word_reversed = {"（已冲销）", " (reversed)"};
static const struct both word_reversal = {"冲销：", "Reversed: "};
static const struct both word_and = {"、", ", "}; /* between things of one kind */
static const struct both word_comma = {"，", ", "};
static const struct both word_pause = {"；", "; "};
static const struct both word_open = {"（", " ("};
static const struct both word_close = {"）", ")"};

struct named {
	const char *name;
	struct both word;
	bool over; /* of a state: the nights are not stayed */
};

static const struct named states[] = {
    {"held", {"未确认", "Not confirmed yet"}, false},
    {"requested", {"等房东确认", "Not confirmed yet"}, false},
    {"confirmed", {"已确认", "Confirmed"}, false},
    {"checked_in", {"已入住", "Checked in"}, false},
    {"checked_out", {"已离店", "Checked out"}, false},
    {"expired", {"已过期", "Expired"}, true},
    {"cancelled_guest", {"客人已取消", "Cancelled by the guest"}, true},
    {"cancelled_owner", {"民宿方已取消", "Cancelled by the house"}, true},
    {"declined", {"房东未接受", "Declined by the host"}, true},
    {"no_show", {"未到店", "Guest did not come"}, true},
    {"rehoused", {"已换到村里另一家", "Moved to another house"}, true},
    {NULL, {"—", "—"}, false},
};

/* Entries of the ledger; one that is not here is called by its kind. */
static const struct named items[] = {
    {"charge.stay", {"房费", "Stay"}, false},
    {"charge.drop", {"改订减少的房晚", "Nights dropped by a change"}, false},
    {"charge.cancel", {"取消费", "Cancelling"}, false},
    {"charge.no_show", {"未到店应付", "No-show"}, false},
    {"payment.cash", {"收款，现金", "Payment, cash"}, false},
    {"payment.wechat", {"收款，微信", "Payment, WeChat Pay"}, false},
    {"payment.alipay", {"收款，支付宝", "Payment, Alipay"}, false},
    {"payment.card", {"收款，银行卡", "Payment, card"}, false},
    {"payment.transfer", {"收款，转账", "Payment, transfer"}, false},
    {"refund.cash", {"退款，现金", "Refund, cash"}, false},
    {"refund.wechat", {"退款，微信", "Refund, WeChat Pay"}, false},
    {"refund.alipay", {"退款，支付宝", "Refund, Alipay"}, false},
    {"refund.card", {"退款，银行卡", "Refund, card"}, false},
    {"refund.transfer", {"退款，转账", "Refund, transfer"}, false},
    {NULL, {"", ""}, false},
};

static const struct named kinds[] = {
    {"payment", {"收款", "Payment"}, false},
    {"refund", {"退款", "Refund"}, false},
    {NULL, {"其他费用", "Other charge"}, false},
};

/* What an entry was reversed for. */
static const struct named reasons[] = {
    {"change", {"改订", "the stay was changed"}, false},
    {"lapse", {"过期", "the booking expired"}, false},
    {"cancel", {"取消", "cancelled"}, false},
    {"no_show", {"未到店", "the guest did not come"}, false},
    {"decline", {"房东未接受", "declined by the host"}, false},
    {"drop_house", {"民宿方取消", "cancelled by the house"}, false},
    {"favour", {"免收", "waived"}, false},
    {"mistake", {"记错", "written down wrongly"}, false},
    {NULL, {"", ""}, false},
};

static const struct receipt_line *line, *line_end;
static struct arena *arena;

/* --- what it says ----------------------------------------------------------------------------------------------------- */

static const char *
say_word(struct both word)
{
	return sheet.lang == LANG_EN ? word.en : word.zh;
}

/* The last one, without a name, is for all that have none. */
static const struct named *
find(const struct named *at, const char *name)
{
	while (at->name != NULL && strcmp(at->name, name) != 0)
		at++;
	return at;
}

static bool
is(const struct receipt_line *at, const char *part)
{
	return strcmp(at->part, part) == 0;
}

/* The line of a part that stands there once. */
static const struct receipt_line *
the(const char *part)
{
	static const struct receipt_line none = {"", "", {DATE_NONE}, {MOMENT_NONE}, 0, "", "", "", ""};

	for (const struct receipt_line *at = line; at < line_end; at++)
		if (is(at, part))
			return at;
	return &none;
}

static size_t
count(const char *part)
{
	size_t found = 0;

	for (const struct receipt_line *at = line; at < line_end; at++)
		found += is(at, part);
	return found;
}

static const char *
words(const char *part)
{
	return sheet_clean(the(part)->words);
}

static struct buffer
empty(void)
{
	struct buffer buffer;

	buffer_open(&buffer, arena, 64);
	return buffer;
}

static const char *
say_day(struct date day)
{
	struct buffer buffer = empty();

	lang_date(&buffer, sheet.lang, day, (struct date){DATE_NONE});
	return buffer.at;
}

static const char *
say_moment(struct moment at)
{
	struct buffer buffer = empty();

	lang_moment(&buffer, sheet.lang, at, (struct date){DATE_NONE});
	return buffer.at;
}

static const char *
say_fen(int64_t fen)
{
	struct buffer buffer = empty();

	lang_fen(&buffer, sheet.lang, fen);
	return buffer.at;
}

static const char *
say_nights(void)
{
	int nights = date_gap(the("arrive")->day, the("leave")->day);

	return nights == 1 ? say_word(word_one_night) : g_strdup_printf("%d%s", nights, say_word(word_many_nights));
}

static const char *
say_rooms(void)
{
	GString *rooms = g_string_new(NULL);

	for (const struct receipt_line *at = line; at < line_end; at++)
		if (is(at, "room"))
			g_string_append_printf(
			    rooms, "%s%s", rooms->len > 0 ? say_word(word_and) : "", sheet_clean(at->words));
	return rooms->str;
}

static const char *
say_association(void)
{
	struct said village = {.name = "village", .kind = SAID_WORD, .word = words("village")};
	struct buffer buffer = empty();

	lang_say(&buffer, sheet.lang, TEXT_page_association, &village, 1);
	return buffer.at;
}

static const char *
say_item(const struct receipt_line *entry)
{
	const struct named *item = find(items, entry->what), *why = find(reasons, entry->why);

	if (item->name == NULL)
		item = find(kinds, g_strndup(entry->what, strcspn(entry->what, ".")));
	if (strcmp(entry->mark, "reversed") == 0)
		return g_strconcat(say_word(item->word), say_word(word_reversed), NULL);
	if (strcmp(entry->mark, "reversal") != 0)
		return say_word(item->word);
	if (why->name == NULL)
		return g_strconcat(say_word(word_reversal), say_word(item->word), NULL);
	return g_strconcat(say_word(word_reversal), say_word(item->word), say_word(word_open), say_word(why->word),
	    say_word(word_close), NULL);
}

/* Who took it, and the reason of a reversal; NULL: nothing. */
static const char *
say_note(const struct receipt_line *entry)
{
	const char *by =
	    entry->words[0] == '\0' ? NULL : g_strconcat(say_word(word_by), sheet_clean(entry->words), NULL);
	const char *note = entry->note[0] == '\0' ? NULL : sheet_clean(entry->note);

	if (by != NULL && note != NULL)
		return g_strconcat(by, say_word(word_pause), note, NULL);
	return by != NULL ? by : note;
}

/* An amount is never cut; one that has no room is written small. */
static void
put_fen(enum face face, double y, struct place place, int64_t fen)
{
	const char *text = say_fen(fen);

	sheet_put(sheet_holds(face, place, text) ? face : FACE_TIGHT, y, place, text);
}

/* --- every page --------------------------------------------------------------------------------------------------------- */

static void
foot(void)
{
	double y = SHEET_HEIGHT - 50;

	sheet_rule(SHEET_LEFT, SHEET_RIGHT, y - 16, 0.6, INK_LINE);
	sheet_put(FACE_SMALL, y, (struct place){.x = SHEET_LEFT, .width = WIDTH - 130}, sheet.author);
	sheet_put(FACE_SMALL, y, (struct place){.x = SHEET_RIGHT - 120, .width = 120, .right = true},
	    g_strdup_printf("%d / %d", sheet.page, sheet.pages));
}

static void
next(void)
{
	sheet_put(FACE_SMALL, SHEET_TOP, (struct place){.x = SHEET_LEFT, .width = WIDTH}, sheet.title);
	sheet_rule(SHEET_LEFT, SHEET_RIGHT, SHEET_TOP + 10, 0.6, INK_LINE);
	sheet.y = SHEET_TOP + 22;
}

/* --- from top to bottom --------------------------------------------------------------------------------------------------- */

static void
head(void)
{
	double y = SHEET_TOP + 6, middle = SHEET_LEFT + WIDTH * 0.55;
	struct place left = {.x = SHEET_LEFT, .width = middle - SHEET_LEFT - 12};
	struct place right = {.x = middle, .width = SHEET_RIGHT - middle, .right = true};

	sheet_put(FACE_LABEL, y, left, sheet.author);
	sheet_put(FACE_LABEL, y, right, g_strconcat(say_word(word_phone), words("phone"), NULL));
	y += 48;
	sheet_put(FACE_TITLE, y, left, say_word(word_title));
	sheet_put(FACE_STRONG, y - 18, right, g_strconcat(say_word(word_code), words("code"), NULL));
	sheet_put(FACE_LABEL, y, right, g_strconcat(say_word(word_made), say_moment(the("made")->at), NULL));
	sheet_rule(SHEET_LEFT, SHEET_RIGHT, y + 18, 1.2, INK_ACCENT);
	sheet_put(FACE_TEXT, y + 37, (struct place){.x = SHEET_LEFT, .width = WIDTH}, say_word(word_no_invoice));
	sheet.y = y + 52;
}

/* A name and what it says, at y; returns where the next may stand. */
static double
fact(double x, double end, double y, struct both name, int most, const char *text)
{
	double label = sheet.lang == LANG_ZH ? 52 : 66;

	sheet_put(FACE_LABEL, y, (struct place){.x = x, .width = label - 4}, say_word(name));
	x += label;
	return y + sheet_put(FACE_TEXT, y, (struct place){.x = x, .width = end - x, .lines = most}, text) + ROW;
}

static void
facts(void)
{
	double left = sheet.y + 14, right = left, end = SHEET_LEFT + WIDTH * 0.53, x = end + 18;
	const char *leave = g_strconcat(say_day(the("leave")->day), say_word(word_comma), say_nights(), NULL);

	left = fact(SHEET_LEFT, end, left, word_guest, 2, words("guest"));
	left = fact(SHEET_LEFT, end, left, word_house, 2, words("house"));
	left = fact(SHEET_LEFT, end, left, word_address, 3, words("address"));
	left = fact(SHEET_LEFT, end, left, word_house_phone, 1, words("house_phone"));
	right = fact(x, SHEET_RIGHT, right, word_arrive, 1, say_day(the("arrive")->day));
	right = fact(x, SHEET_RIGHT, right, word_leave, 1, leave);
	right = fact(x, SHEET_RIGHT, right, word_rooms, 4, say_rooms());
	right = fact(x, SHEET_RIGHT, right, word_state, 1, say_word(find(states, the("state")->what)->word));
	sheet.y = left > right ? left : right;
}

/* The heading of a table; it does not stand at the end of a page without some rows. */
static void
heading(struct both word, void (*columns)(void))
{
	sheet_need(60 + 3 * ROW);
	sheet_put(FACE_HEADING, sheet.y + 24, (struct place){.x = SHEET_LEFT, .width = WIDTH}, say_word(word));
	sheet.y += 34;
	columns();
	sheet.columns = columns;
}

static void
end_columns(void)
{
	sheet.y += 20;
	sheet_rule(SHEET_LEFT, SHEET_RIGHT, sheet.y, 0.6, INK_QUIET);
	sheet.y += 2;
}

static void
end_row(void)
{
	sheet.y += ROW - BASE;
	sheet_rule(SHEET_LEFT, SHEET_RIGHT, sheet.y, 0.6, INK_LINE);
}

static void
night_columns(void)
{
	sheet_put(FACE_LABEL, sheet.y + 13, date_column, say_word(word_date));
	sheet_put(FACE_LABEL, sheet.y + 13, room_column, say_word(word_room));
	sheet_put(FACE_LABEL, sheet.y + 13, last_column, say_word(word_price));
	end_columns();
}

static void
nights(void)
{
	bool over = find(states, the("state")->what)->over;
	size_t left = count("night");
	int64_t sum = 0;

	if (left == 0)
		return;
	heading(over ? word_nights_booked : word_nights, night_columns);
	for (const struct receipt_line *at = line; at < line_end; at++) {
		if (!is(at, "night"))
			continue;
		/* The sum does not begin a page alone. */
		sheet_need(--left == 0 ? 2 * ROW + 4 : ROW);
		sheet.y += BASE;
		sheet_put(FACE_TEXT, sheet.y, date_column, say_day(at->day));
		sheet_put(FACE_TEXT, sheet.y, room_column, sheet_clean(at->words));
		put_fen(FACE_TEXT, sheet.y, last_column, at->fen);
		end_row();
		sum += at->fen;
	}
	sheet.columns = NULL;
	sheet_put(FACE_STRONG, sheet.y + 15.5, date_column, say_nights());
	put_fen(FACE_STRONG, sheet.y + 15.5, last_column, sum);
	sheet.y += ROW + 8;
}

static void
entry_columns(void)
{
	sheet_put(FACE_LABEL, sheet.y + 13, date_column, say_word(word_date));
	sheet_put(FACE_LABEL, sheet.y + 13, item_column, say_word(word_item));
	sheet_put(FACE_LABEL, sheet.y + 13, charged_column, say_word(word_charged));
	sheet_put(FACE_LABEL, sheet.y + 13, last_column, say_word(word_received));
	end_columns();
}

/* `after`: what must stand on the same page below it. */
static void
put_entry(const struct receipt_line *entry, double after)
{
	struct place words_place = item_column;
	struct place fen_place = strncmp(entry->what, "charge", 6) == 0 ? charged_column : last_column;
	/* What is given back is received less. */
	int64_t fen = strncmp(entry->what, "refund", 6) == 0 ? -entry->fen : entry->fen;
	const char *item = say_item(entry), *note = say_note(entry);
	double height = ROW + sheet_measure(FACE_TEXT, words_place, item);

	if (note != NULL)
		height += sheet_line(FACE_SMALL) + sheet_measure(FACE_SMALL, words_place, note);
	fen_place.struck = strcmp(entry->mark, "reversed") == 0;
	words_place.quiet = fen_place.quiet = entry->mark[0] != '\0';
	sheet_need(height + after);
	sheet.y += BASE;
	sheet_put(FACE_TEXT, sheet.y, date_column, say_day(moment_date(entry->at)));
	put_fen(FACE_TEXT, sheet.y, fen_place, fen);
	sheet.y += sheet_put(FACE_TEXT, sheet.y, words_place, item);
	if (note != NULL) {
		sheet.y += sheet_line(FACE_SMALL);
		sheet.y += sheet_put(FACE_SMALL, sheet.y, words_place, note);
	}
	end_row();
}

static void
entries(void)
{
	size_t left = count("entry");

	if (left == 0)
		return;
	heading(word_account, entry_columns);
	for (const struct receipt_line *at = line; at < line_end; at++)
		if (is(at, "entry"))
			put_entry(at, --left == 0 ? TOTALS : 0);
	sheet.columns = NULL;
}

static void
total(enum face face, struct both word, int64_t fen)
{
	sheet_put(face, sheet.y, (struct place){.x = SHEET_RIGHT - 250, .width = 118}, say_word(word));
	put_fen(face, sheet.y, (struct place){.x = SHEET_RIGHT - 130, .width = 130, .right = true}, fen);
}

static void
totals(void)
{
	int64_t balance = the("balance")->fen;

	sheet_need(TOTALS);
	sheet.y += 26;
	total(FACE_TEXT, word_total, the("charged")->fen);
	sheet.y += 17;
	total(FACE_TEXT, word_paid, the("paid")->fen);
	sheet.y += 17;
	total(FACE_TEXT, word_given_back, the("given_back")->fen);
	sheet.y += 11;
	sheet_rule(SHEET_RIGHT - 250, SHEET_RIGHT, sheet.y, 1.2, INK_ACCENT);
	sheet.y += 20;
	/* What is owed in either direction is said by the word, not by a sign. */
	if (balance < 0)
		total(FACE_HEADING, word_to_give_back, -balance);
	else
		total(FACE_HEADING, balance == 0 ? word_settled : word_to_pay, balance);
}

static void
draw(void)
{
	head();
	facts();
	nights();
	entries();
	totals();
}

void
receipt_make(const struct receipt_line *lines, size_t length, int out)
{
	static char made[MOMENT_TEXT];

	line = lines;
	line_end = lines + length;
	arena = arena_new();
	moment_write(the("made")->at, made);
	sheet.lang = strcmp(the("lang")->words, "en") == 0 ? LANG_EN : LANG_ZH;
	sheet.title = g_strdup_printf("%s  %s", say_word(word_title), words("code"));
	sheet.author = say_association();
	sheet.made = made;
	sheet.draw = draw;
	sheet.foot = foot;
	sheet.next = next;
	sheet_make(out);
}
