//! Texts of the page that says what all this is.

pub(crate) const TITLE: &str = "About Ottla";

/// In Markdown.
pub(crate) const TEXT: &str = "\
Ottla is a Kafka-compatible broker that fits into a browser tab, into a Node process and onto a laptop. It is one engine, written once in Rust, \
without a clock and without input or output of its own. This page is that engine and a place to watch it.

## What you see is what it did

Nothing here is an animation of how Kafka is supposed to behave. The broker that answers is the one of the `ottla` command, compiled to WebAssembly. \
Producers and consumers are complete protocol clients, which hash, batch, join groups, send heartbeats and commit. What flies through the picture are the bytes \
of real frames: you can open each one and read it field by field.

The only thing that is simulated is what lies around them: the network between client and broker, the disk, and time. Time is an argument here. That is why it can be \
slowed down, stopped and turned back, and why the same seed gives the same scene on every computer. Questions and goals of the lessons are not scripted either. \
The page plays the scene and looks what has become of it.

## What it is not

There is one broker in this picture. Several of them, with leaders, followers and elections, are not part of it yet; nor are transactions and share groups. \
Where the engine differs from Apache Kafka, that is a mistake of ours, with one exception: a session lasts 10 seconds here if nothing else is said, instead of 45, so that nobody \
has to wait so long for a consumer to be missed.

## Your data

There is no account and no server. The page loads, and then works without a network. What you have done is kept in your browser; you can take it along as a file or clear it \
under *Your progress*. A link that you share holds its whole scene in the address itself.

## In your tests and on your laptop

The native broker is part of the same project: `ottla` starts in milliseconds, listens on port 9092, and takes every Kafka client. The package for Node, \
which runs the engine inside a test, is not published yet. A scene can be copied as such a test already; it will run when the package is there.

## Licences and names

Ottla is free software under the MIT licence or the Apache licence 2.0, as you prefer. KafkaJS, which runs in the editor, is under the MIT licence; so are the frameworks \
that this page is made with, or under Apache 2.0.

Ottla is Kafka-compatible and is not made, endorsed or reviewed by the Apache Software Foundation. Apache Kafka, Kafka and their marks are trademarks of the \
Apache Software Foundation.";
