/*
 * The whole site: method, path, use case, the page a refused form stands on,
 * who may come, what is answered, the most bytes of a body.
 *
 * A row names two functions, <use case>_ask and <use case>_answer, in the file
 * of its feature. The functions in the database decide who may do what; the
 * column here saves nobody's visit a question and tells the tests whom to try.
 * The API is the second door of the same use cases; app/openapi.json says what goes
 * in and out, and the build stops when one names a path the other does not.
 */
#include "base/route.h"
#include "base/site.h"
#include "build/routes.h"

/* A table is read by its columns. */
/* clang-format off */
#define KIB	* 1024u

#define ROUTES(ROUTE)										\
	/* the tourist */									\
	ROUTE(GET,  "/",                         village_home,     village_home,     ANYONE,    PAGE, 0)	\
	ROUTE(GET,  "/festivals",                village_festivals, none,            ANYONE,    PAGE, 0)	\
	ROUTE(GET,  "/houses",                   lodging_search,   lodging_search,   ANYONE,    PAGE, 0)	\
	ROUTE(GET,  "/house/{house}",            lodging_house,    lodging_house,    ANYONE,    PAGE, 0)	\
	ROUTE(GET,  "/book",                     booking_offer,    booking_offer,    ANYONE,    PAGE, 0)	\
	ROUTE(POST, "/book",                     booking_book,     booking_offer,    ANYONE,    PAGE, 16 KIB)	\
	/* another room with what was typed: a post, so that names stay out of addresses */	\
	ROUTE(POST, "/offer",                    booking_offer,    booking_offer,    ANYONE,    PAGE, 16 KIB)	\
	ROUTE(GET,  "/stays",                    booking_mine,     none,             ANYONE,    PAGE, 0)	\
	ROUTE(POST, "/stays",                    booking_look_up,  booking_mine,     ANYONE,    PAGE, 4 KIB)	\
	ROUTE(GET,  "/stay/{code}",              booking_stay,     none,             ANYONE,    PAGE, 0)	\
	ROUTE(GET,  "/stay/{code}/change",       booking_alter,    booking_alter,    ANYONE,    PAGE, 0)	\
	ROUTE(POST, "/stay/{code}/change",       booking_change,   booking_alter,    ANYONE,    PAGE, 4 KIB)	\
	ROUTE(POST, "/stay/{code}/late",         booking_late,     booking_stay,     ANYONE,    PAGE, 4 KIB)	\
	ROUTE(POST, "/stay/{code}/take-up",      booking_take_up,  booking_stay,     ANYONE,    PAGE, 4 KIB)	\
	ROUTE(POST, "/stay/{code}/paid",         booking_paid,     booking_stay,     ANYONE,    PAGE, 4 KIB)	\
	ROUTE(POST, "/stay/{code}/transfer",     booking_answer_transfer, booking_stay, ANYONE, PAGE, 4 KIB)	\
	ROUTE(POST, "/stay/{code}/invoice",      booking_invoice,  booking_stay,     ANYONE,    PAGE, 4 KIB)	\
	ROUTE(GET,  "/stay/{code}/receipt",      booking_receipt,  none,             ANYONE,    PAGE, 0)	\
	ROUTE(POST, "/stay/{code}/receipt",      booking_paper,    booking_receipt,  ANYONE,    PAGE, 4 KIB)	\
	ROUTE(GET,  "/stay/{code}/paper/{paper}", booking_paper_made, none,          ANYONE,    PAGE, 0)	\
	ROUTE(GET,  "/stay/{code}/paper/{paper}/receipt.pdf", booking_paper_file, none, ANYONE, FILE, 0)	\
	ROUTE(GET,  "/stay/{code}/data",         booking_data,     none,             ANYONE,    PAGE, 0)	\
	ROUTE(POST, "/stay/{code}/export",       booking_export,   booking_data,     ANYONE,    PAGE, 4 KIB)	\
	ROUTE(POST, "/stay/{code}/erase",        booking_erase,    booking_data,     ANYONE,    PAGE, 4 KIB)	\
	ROUTE(GET,  "/wait",                     booking_queue,    booking_queue,    ANYONE,    PAGE, 0)	\
	ROUTE(POST, "/wait",                     booking_wait,     booking_queue,    ANYONE,    PAGE, 4 KIB)	\
	ROUTE(GET,  "/wait/{code}",              booking_waiting,  none,             ANYONE,    PAGE, 0)	\
	ROUTE(POST, "/wait/{code}/leave",        booking_wait_no_more, booking_waiting, ANYONE, PAGE, 4 KIB)	\
	ROUTE(GET,  "/wait/{code}/{secret}",     booking_open_waiting, none,         ANYONE,    PAGE, 0)	\
	ROUTE(GET,  "/limits",                   village_limits,   none,             ANYONE,    PAGE, 0)	\
	ROUTE(GET,  "/stay/{code}/cancel",       booking_leave,    none,             ANYONE,    PAGE, 0)	\
	ROUTE(POST, "/stay/{code}/cancel",       booking_cancel,   booking_leave,    ANYONE,    PAGE, 4 KIB)	\
	ROUTE(GET,  "/stay/{code}/calendar.ics", booking_calendar, none,             ANYONE,    FILE, 0)	\
	ROUTE(GET,  "/stay/{code}/{secret}",     booking_open,     none,             ANYONE,    PAGE, 0)	\
	/* accounts */										\
	ROUTE(GET,  "/sign-in",                  account_door,     none,             ANYONE,    PAGE, 0)	\
	ROUTE(POST, "/sign-in",                  account_sign_in,  account_door,     ANYONE,    PAGE, 4 KIB)	\
	ROUTE(POST, "/sign-out",                 account_sign_out, account_me,       ANYONE,    PAGE, 4 KIB)	\
	ROUTE(GET,  "/me",                       account_me,       none,             ANYONE,    PAGE, 0)	\
	ROUTE(POST, "/me/password",              account_password, account_me,       SIGNED_IN, PAGE, 4 KIB)	\
	ROUTE(POST, "/me/sessions/end",          account_end,      account_me,       SIGNED_IN, PAGE, 4 KIB)	\
	ROUTE(GET,  "/invite/{invitation}",      account_invited,  none,             ANYONE,    PAGE, 0)	\
	ROUTE(POST, "/invite/{invitation}",      account_join,     account_invited,  ANYONE,    PAGE, 4 KIB)	\
	/* owner and association */								\
	ROUTE(GET,  "/owner",                    owner_today,      none,             SIGNED_IN, PAGE, 0)	\
	ROUTE(GET,  "/owner/rooms",              owner_rooms,      none,             SIGNED_IN, PAGE, 0)	\
	ROUTE(POST, "/owner/rooms",              owner_keep,       owner_rooms,      SIGNED_IN, PAGE, 32 KIB)	\
	ROUTE(GET,  "/owner/walk-in",            owner_door,       none,             SIGNED_IN, PAGE, 0)	\
	ROUTE(POST, "/owner/walk-in",            owner_walk_in,    owner_door,       SIGNED_IN, PAGE, 4 KIB)	\
	ROUTE(GET,  "/owner/money",              owner_money,      none,             SIGNED_IN, PAGE, 0)	\
	ROUTE(GET,  "/owner/stay/{code}",        owner_stay,       none,             SIGNED_IN, PAGE, 0)	\
	ROUTE(POST, "/owner/stay/{code}/step",   owner_step,       owner_stay,       SIGNED_IN, PAGE, 4 KIB)	\
	ROUTE(POST, "/owner/stay/{code}/change", owner_change,     owner_stay,       SIGNED_IN, PAGE, 4 KIB)	\
	ROUTE(POST, "/owner/stay/{code}/late",   owner_late,       owner_stay,       SIGNED_IN, PAGE, 4 KIB)	\
	ROUTE(POST, "/owner/stay/{code}/take",   owner_take,       owner_stay,       SIGNED_IN, PAGE, 4 KIB)	\
	ROUTE(POST, "/owner/stay/{code}/give-back", owner_give_back, owner_stay,     SIGNED_IN, PAGE, 4 KIB)	\
	ROUTE(POST, "/owner/stay/{code}/transfer", owner_answer_transfer, owner_stay, SIGNED_IN, PAGE, 4 KIB)	\
	ROUTE(POST, "/owner/stay/{code}/reverse", owner_reverse,   owner_stay,       SIGNED_IN, PAGE, 4 KIB)	\
	ROUTE(POST, "/owner/stay/{code}/invoice", owner_invoice_done, owner_stay,    SIGNED_IN, PAGE, 4 KIB)	\
	ROUTE(POST, "/owner/stay/{code}/link",   owner_link,       owner_stay,       SIGNED_IN, PAGE, 4 KIB)	\
	ROUTE(GET,  "/desk",                     desk_houses,      none,             SIGNED_IN, PAGE, 0)	\
	ROUTE(POST, "/desk/invite",              desk_invite,      desk_houses,      SIGNED_IN, PAGE, 4 KIB)	\
	/* the API */										\
	ROUTE(GET,  "/api/v1/houses",                   lodging_search,   none,      ANYONE,    JSON, 0)	\
	ROUTE(GET,  "/api/v1/houses/{house}",           lodging_house,    none,      ANYONE,    JSON, 0)	\
	ROUTE(GET,  "/api/v1/houses/{house}/calendar",  lodging_calendar, none,      ANYONE,    JSON, 0)	\
	ROUTE(POST, "/api/v1/quotes",                   booking_quote,    none,      ANYONE,    JSON, 16 KIB)	\
	ROUTE(POST, "/api/v1/bookings",                 booking_book,     none,      ANYONE,    JSON, 16 KIB)	\
	ROUTE(GET,  "/api/v1/bookings/{code}",          booking_stay,     none,      ANYONE,    JSON, 0)	\
	ROUTE(POST, "/api/v1/bookings/{code}/cancel",   booking_cancel,   none,      ANYONE,    JSON, 4 KIB)	\
	ROUTE(POST, "/api/v1/bookings/{code}/change-quote", booking_alter, none,     ANYONE,    JSON, 4 KIB)	\
	ROUTE(POST, "/api/v1/bookings/{code}/change",   booking_change,   none,      ANYONE,    JSON, 4 KIB)	\
	ROUTE(POST, "/api/v1/bookings/{code}/arrival",  booking_late,     none,      ANYONE,    JSON, 4 KIB)	\
	ROUTE(POST, "/api/v1/bookings/{code}/take-up",  booking_take_up,  none,      ANYONE,    JSON, 4 KIB)	\
	ROUTE(POST, "/api/v1/waiting",                  booking_wait,     none,      ANYONE,    JSON, 4 KIB)	\
	ROUTE(GET,  "/api/v1/waiting/{code}",           booking_waiting,  none,      ANYONE,    JSON, 0)	\
	ROUTE(GET,  "/api/v1/village",                  village_home,     none,      ANYONE,    JSON, 0)	\
	ROUTE(GET,  "/api/v1/map",                      village_map,      none,      ANYONE,    JSON, 0)	\
	ROUTE(GET,  "/api/v1/openapi.json",             site_openapi,     none,      ANYONE,    JSON, 0)	\
	/* what never changes, and what machines ask */						\
	ROUTE(GET,  "/asset/{name}",             site_asset,       none,             ANYONE,    FILE, 0)	\
	ROUTE(GET,  "/photo/{photo}",            lodging_photo,    none,             ANYONE,    FILE, 0)	\
	ROUTE(GET,  "/lang/{to}",                village_lang,     none,             ANYONE,    PAGE, 0)	\
	ROUTE(GET,  "/robots.txt",               site_robots,      none,             ANYONE,    FILE, 0)	\
	ROUTE(GET,  "/favicon.ico",              site_icon,        none,             ANYONE,    FILE, 0)	\
	ROUTE(GET,  "/healthz",                  site_health,      none,             ANYONE,    FILE, 0)	\
	ROUTE(GET,  "/readyz",                   site_ready,       none,             ANYONE,    FILE, 0)	\
	ROUTE(GET,  "/metrics",                  site_metrics,     none,             ANYONE,    FILE, 0)	\
	ROUTE(GET,  "/board",                    board_show,       none,             ANYONE,    FILE, 0)

#define none_ask	NULL
#define none_answer	NULL
#define ROW(method, path, use, form, who, kind, limit)						\
	{ ROUTE_##method, path, #use, use##_ask, use##_answer, form##_ask, form##_answer, ROUTE_##who, ROUTE_##kind, limit },

const struct route routes[] = { ROUTES(ROW) };
const size_t routes_count = sizeof(routes) / sizeof(routes[0]);
/* clang-format on */
