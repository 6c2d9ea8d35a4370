/*
 * What makes the pages quicker to use. Every page works without it: forms are sent, links lead on, links to pass on can be
 * copied by hand. What it stores are the houses somebody likes, on this device only; what it asks is how many houses a filter leaves.
 */
"use strict";

const day = 86400000;

/* A form is sent once. Who comes back with the browser's arrow may send it again: the server knows a repeated booking by its key. */
document.addEventListener("submit", (event) => {
	const form = event.target;

	if (form.method !== "post")
		return;
	if (form.dataset.sent) {
		event.preventDefault();
		return;
	}
	form.dataset.sent = "yes";
	for (const button of form.querySelectorAll("button[type=submit]"))
		button.setAttribute("aria-disabled", "true");
});

addEventListener("pageshow", () => {
	for (const form of document.querySelectorAll("form[data-sent]")) {
		delete form.dataset.sent;
		for (const button of form.querySelectorAll("[aria-disabled]"))
			button.removeAttribute("aria-disabled");
	}
});

/* The day of leaving follows the day of arriving, and keeps the number of nights. */
for (const form of document.querySelectorAll("form")) {
	const { arrive, leave } = form.elements;

	if (!arrive || !leave || arrive.type !== "date")
		continue;
	let before = arrive.valueAsNumber;
	const bound = () => {
		if (!Number.isNaN(arrive.valueAsNumber))
			leave.min = new Date(arrive.valueAsNumber + day).toISOString().slice(0, 10);
	};
	const follow = () => {
		const from = arrive.valueAsNumber;

		if (Number.isNaN(from))
			return;
		bound();
		if (!(leave.valueAsNumber > from))
			leave.valueAsNumber = from + Math.max(day, leave.valueAsNumber - before || day);
		before = from;
	};

	arrive.addEventListener("change", follow);
	/* Days that were refused stand there as they were asked for. */
	bound();
}

/* <button data-copy="id" data-done="words">: the value of that field into the clipboard; shown only where this can work. */
for (const button of document.querySelectorAll("button[data-copy]")) {
	if (!navigator.clipboard)
		continue;
	button.hidden = false;
	button.addEventListener("click", async () => {
		const field = document.getElementById(button.dataset.copy), words = button.querySelector("span");

		try {
			await navigator.clipboard.writeText(field.value);
			words.textContent = button.dataset.done;
		} catch {
			field.select();
		}
	});
}

/* <button data-share="id" data-title="words">: hands that link to the phone's own list of ways to send it. */
for (const button of document.querySelectorAll("button[data-share]")) {
	if (!navigator.share)
		continue;
	button.hidden = false;
	button.addEventListener("click", () => {
		const url = document.getElementById(button.dataset.share).value;

		navigator.share({ title: button.dataset.title, url }).catch(() => {});
	});
}

/* --- the filters: how many houses would be left, while one chooses --- */

for (const form of document.querySelectorAll("form[data-count]")) {
	const button = form.querySelector("button[type=submit]"), said = form.querySelector("[data-said]"), none = form.dataset.count;
	const some = button.textContent.replace(/\d+/, "#");
	let turn = 0;

	form.addEventListener("change", async () => {
		const mine = ++turn, query = new URLSearchParams([...new FormData(form)].filter(([name, value]) => value !== "" && name !== "view"));

		query.set("only_count", "1");
		try {
			const { count } = await (await fetch(`/api/v1/houses?${query}`, { headers: { accept: "application/json" } })).json();

			/* A later choice may have been answered first. */
			if (mine === turn && count !== undefined)
				said.textContent = button.textContent = count > 0 && some.includes("#") ? some.replace("#", count) : count > 0 ? `${count}` : none;
		} catch {
			/* The button still leads there. */
		}
	});
}

/* --- the calendar: two taps choose the days, arrow keys go from day to day --- */

for (const section of document.querySelectorAll("#cal")) {
	const days = [...section.querySelectorAll("a[data-day]")], hint = section.querySelector("[data-hint]");
	let first = null;

	section.addEventListener("click", (event) => {
		const link = event.target.closest("a[data-day]");

		if (!link || event.ctrlKey || event.metaKey || event.shiftKey)
			return;
		event.preventDefault();
		if (first && link.dataset.day > first.dataset.day) {
			const to = new URL(first.href);

			to.searchParams.set("leave", link.dataset.day);
			location.assign(to);
			return;
		}
		first?.closest("td").classList.remove("in");
		for (const cell of section.querySelectorAll("td.in, td.mid, td.out"))
			cell.classList.remove("in", "mid", "out");
		first = link;
		link.closest("td").classList.add("in");
		if (hint)
			hint.textContent = hint.dataset.hint;
	});
	section.addEventListener("keydown", (event) => {
		const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key], link = event.target.closest("a[data-day]");

		if (!step || !link)
			return;
		event.preventDefault();
		/* Full days cannot be chosen: on to the next that can. */
		const wanted = new Date(Date.parse(link.dataset.day) + step * day).toISOString().slice(0, 10);
		const next = step > 0 ? days.find((one) => one.dataset.day >= wanted) : days.findLast((one) => one.dataset.day <= wanted);

		next?.focus();
	});
}

/* --- houses somebody likes: kept on this device, told to nobody --- */

const liked = new Set((() => {
	try {
		return JSON.parse(localStorage.getItem("liked")) ?? [];
	} catch {
		return [];
	}
})());

for (const button of document.querySelectorAll("button[data-like]")) {
	const show = () => button.setAttribute("aria-pressed", String(liked.has(button.dataset.like)));

	button.hidden = false;
	show();
	button.addEventListener("click", () => {
		if (!liked.delete(button.dataset.like))
			liked.add(button.dataset.like);
		show();
		try {
			localStorage.setItem("liked", JSON.stringify([...liked]));
		} catch {
			/* A browser that keeps nothing: the heart holds until the page is left. */
		}
	});
}

/* <button data-liked-only>: of this list only those. Shown where there is one. */
for (const button of document.querySelectorAll("button[data-liked-only]")) {
	const cards = [...document.querySelectorAll(".cards > [data-house], .mini > [data-house]")];

	button.hidden = !cards.some((card) => liked.has(card.dataset.house));
	button.addEventListener("click", () => {
		const only = button.getAttribute("aria-pressed") !== "true";

		button.setAttribute("aria-pressed", String(only));
		for (const card of cards)
			card.hidden = only && !liked.has(card.dataset.house);
	});
}
