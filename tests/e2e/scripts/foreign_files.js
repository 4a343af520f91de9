// The static files that this page has loaded from another build.
(build) => performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => name.includes("/static/") && !name.includes(`/static/~${build}/`))
