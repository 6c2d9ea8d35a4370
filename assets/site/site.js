/*
 * What makes the pages quicker to use. Every page works without it: forms are sent, links lead on, links to pass on can be
 * copied by hand. It stores nothing and asks the server nothing.
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
