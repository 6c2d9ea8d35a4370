/*
 * The village's map to zoom and move. The drawn map stands there without this; on a tap Leaflet is fetched and takes its place, with the
 * same lanes and the same numbers. Pins and list are in step: who touches one sees the other.
 */
"use strict";

const box = document.querySelector("[data-map]"), opener = document.querySelector("[data-map-open]");

const fetched = (tag, attributes) => new Promise((done, failed) => {
	const node = Object.assign(document.createElement(tag), attributes);

	node.onload = done;
	node.onerror = failed;
	document.head.append(node);
});

/* The list's entry and its pin, whichever map is there. */
const mark = (number, on) => {
	document.getElementById(`h${number}`)?.classList.toggle("here", on);
	for (const pin of document.querySelectorAll(`[data-pin="${number}"], a.pin[href="#h${number}"]`))
		pin.classList.toggle("here", on);
};

for (const [at, entry] of document.querySelectorAll(".mini > li").entries())
	for (const [event, on] of [["pointerenter", true], ["pointerleave", false], ["focusin", true], ["focusout", false]])
		entry.addEventListener(event, () => mark(at + 1, on));

const style = { ridge: ["--line", 2], stream: ["--slate", 6], lane: ["--card", 5], road: ["--card", 10] };

/* A colour of the style sheet, as it is by day or by night. */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const open = async () => {
	const [answer] = await Promise.all([fetch(box.dataset.map), fetched("script", { src: "/asset/leaflet.min.js" }),
		fetched("link", { rel: "stylesheet", href: "/asset/leaflet.css" })]);
	const data = await answer.json(), Leaflet = window.L;
	const place = document.createElement("div");

	place.className = "map live";
	box.querySelector(".map").replaceWith(place);
	opener.closest("p").remove();
	const map = Leaflet.map(place, { attributionControl: Boolean(data.tiles), scrollWheelZoom: false, zoomSnap: .25 });

	if (data.tiles)
		Leaflet.tileLayer(data.tiles, { attribution: data.tiles_by, maxZoom: 19 }).addTo(map);
	const lanes = Leaflet.geoJSON(data, {
		filter: (feature) => feature.properties.kind !== "house",
		style: (feature) => ({ color: colour(style[feature.properties.kind]?.[0] ?? "--edge"),
			weight: style[feature.properties.kind]?.[1] ?? 3, opacity: feature.properties.kind === "stream" ? .5 : 1, interactive: false }),
		pointToLayer: (feature, at) => feature.properties.kind === "wood"
			? Leaflet.circleMarker(at, { radius: 7, stroke: false, color: colour("--pine"), fillOpacity: .25, interactive: false })
			: Leaflet.circleMarker(at, { radius: 4, weight: 2, color: colour("--ink") }),
		onEachFeature: (feature, layer) => feature.properties.name && layer.bindTooltip(feature.properties.name, { permanent: feature.properties.kind === "gate" }),
	}).addTo(map);

	map.fitBounds(lanes.getBounds(), { padding: [8, 8] });
	const where = new Map(data.features.filter((f) => f.properties.kind === "house").map((f) => [String(f.properties.id), f.geometry.coordinates]));

	for (const [nth, entry] of document.querySelectorAll(".mini > li").entries()) {
		const at = where.get(entry.dataset.house), link = entry.querySelector("a"), price = entry.querySelector(".price b").textContent;

		if (!at)
			continue;
		const icon = Leaflet.divIcon({ className: "pin-live", html: `<span data-pin="${nth + 1}">${nth + 1}</span>`, iconSize: [44, 44] });
		const words = document.createElement("p"), name = document.createElement("a");

		name.href = link.href;
		name.textContent = link.textContent;
		words.append(name, ` ${price}`);
		Leaflet.marker([at[1], at[0]], { icon, title: link.textContent, alt: link.textContent }).addTo(map).bindPopup(words)
			.on("popupopen", () => mark(nth + 1, true)).on("popupclose", () => mark(nth + 1, false));
	}
};

if (box && opener) {
	opener.hidden = false;
	opener.addEventListener("click", () => {
		opener.setAttribute("aria-disabled", "true");
		/* What is drawn stays when the rest cannot be had. */
		open().catch(() => opener.removeAttribute("aria-disabled"));
	});
}
