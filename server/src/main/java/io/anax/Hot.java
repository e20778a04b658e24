package io.anax;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// On the way of every GET or SET: allocates nothing and stays below the 325 bytecodes up to which
/// HotSpot inlines a hot method. A test reads the class files and holds it to that.
@Target({ElementType.METHOD, ElementType.CONSTRUCTOR})
@Retention(RetentionPolicy.CLASS)
public @interface Hot {}
