"""What a script can see of a page: texts hard to read, controls without a name, where the focus is."""

CONTRAST = """() => {
    const channels = colour => colour.match(/[\\d.]+/g).map(Number);
    const mixed = ([r, g, b, alpha = 1], back) =>
        [r, g, b].map((value, index) => alpha * value + (1 - alpha) * back[index]);
    const light = colour => colour.map(value => value / 255)
        .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
        .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
    const behind = element => {
        if (!element) return [255, 255, 255];
        const colour = channels(getComputedStyle(element).backgroundColor);
        return (colour[3] ?? 1) > 0.99 ? colour.slice(0, 3) : mixed(colour, behind(element.parentElement));
    };
    const opacity = element => element ? Number(getComputedStyle(element).opacity) * opacity(element.parentElement) : 1;
    const ratio = (element, style) => {
        const back = behind(element);
        const [r, g, b, alpha = 1] = channels(element.closest("svg") ? style.fill : style.color);
        const [one, two] = [light(mixed([r, g, b, alpha * opacity(element)], back)), light(back)];
        return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    };
    const poor = [];
    const look = (element, text, style) => {
        const found = ratio(element, style);
        if (found < 4.5) poor.push(`${element.tagName}.${element.getAttribute("class")}: ${text} ${found.toFixed(2)}`);
    };
    for (const element of document.querySelectorAll("body *")) {
        if (element.closest("[inert], option, datalist, title, :disabled")) continue;
        if (!element.checkVisibility({ visibilityProperty: true }) || !element.getClientRects().length) continue;
        if (!opacity(element)) continue;
        const style = getComputedStyle(element);
        const text = [...element.childNodes].find(node => node.nodeType === 3 && node.textContent.trim());
        const isSaidOnly = style.fontSize === "0px" || element.clientWidth === 1;
        if (text && !isSaidOnly) look(element, text.textContent.trim(), style);
        const hint = element.matches("input, textarea") && !element.value && element.placeholder;
        if (hint) look(element, hint, getComputedStyle(element, "::placeholder"));
    }
    return poor;
}"""

# A hint that goes when something is typed is no label.
NAMELESS = """() => {
    const isText = id => document.getElementById(id)?.textContent.trim();
    const named = element => element.getAttribute("aria-label")?.trim()
        || element.getAttribute("aria-labelledby")?.split(" ").some(isText);
    const labelled = field => named(field) || [...field.labels ?? []].some(label => label.textContent.trim());
    const told = control => named(control) || control.textContent.trim() || control.querySelector("img[alt]")?.alt;
    const isSeen = one => one.checkVisibility({ visibilityProperty: true }) && !one.closest("[aria-hidden=true]");
    const all = selector => [...document.querySelectorAll(selector)].filter(isSeen);
    const isLone = part => !named(part) && !part.caption && !part.parentElement.closest("[role=region], [aria-label]");
    return [
        ...all("input, select, textarea").filter(field => !labelled(field)),
        ...all("button, a[href], summary, [role=tab], [role=button], [tabindex='0']:not(input, select, textarea)")
            .filter(control => !told(control)),
        ...all("[role=region], [role=application], dialog[open], progress, table").filter(isLone),
    ].map(element => element.outerHTML.slice(0, 160));
}"""

# What has the focus, and whether a ring around it shows that: its own, or that of what stands for it.
FOCUSED = """() => {
    const element = document.activeElement;
    const ringed = one => one && getComputedStyle(one).outlineStyle !== "none"
        && parseFloat(getComputedStyle(one).outlineWidth) >= 2;
    const box = element.getBoundingClientRect();
    const isInside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    const label = element.labels?.[0]?.textContent ?? element.getAttribute("aria-label") ?? element.textContent;
    const name = `${element.tagName.toLowerCase()}${element.id && "#" + element.id}: ${label.trim().slice(0, 60)}`;
    return [name, element === document.body || (isInside && (ringed(element) || ringed(element.parentElement)))];
}"""
