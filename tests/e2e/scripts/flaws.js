// What axe-core finds in the page or in one part of it, by all its rules or by some, a line each.
async ([part, rules]) => {
  const { violations } = await axe.run(part ?? document, { resultTypes: ["violations"], ...(rules && { runOnly: rules }) });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`));
}
