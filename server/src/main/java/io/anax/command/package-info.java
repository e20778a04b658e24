/// The commands: how they are declared, found and described, what a handler may use, and the handlers
/// themselves, one file for each family.
///
/// Promises that a command's declaration is the only place that knows it: arity, keys, ACL categories
/// and documentation follow from its usage line. May import `keyspace`, `types`, `protocol` and
/// `memory`; a handler cannot know on which thread it runs. Start reading at
/// [io.anax.command.CommandFamily], then a family such as [io.anax.command.StringCommands].
@NullMarked
package io.anax.command;

import org.jspecify.annotations.NullMarked;
