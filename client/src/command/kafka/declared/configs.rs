//! The options of `kafka-configs`, as Apache Kafka 4.3.1 declares them; the sentences are Kafka's own.

use crate::command::kafka::options::{Declaration, HELP, VERSION};

/// In no order: the usage sorts them.
pub(crate) const OPTIONS: &[Declaration] = &[
    Declaration::text(
        "add-config",
        "",
        concat!(
            "Key Value pairs of configs to add. Square brackets can be used to group values \
         which contain commas: 'k1=v1,k2=[v1,v2,v2],k3=v3'. The following is a list of valid \
         configurations: For entity-type 'topics': \n",
            topic_keys!(),
            "For entity-type 'brokers': \n\
         \tbackground.threads\n\
         \tcompression.gzip.level\n\
         \tcompression.lz4.level\n\
         \tcompression.type\n\
         \tcompression.zstd.level\n\
         \tconfig.providers\n\
         \tcordoned.log.dirs\n\
         \tfollower.fetch.last.tiered.offset.enable\n\
         \tfollower.replication.throttled.rate\n\
         \tgroup.consumer.assignment.interval.ms\n\
         \tgroup.coordinator.cached.buffer.max.bytes\n\
         \tgroup.share.assignment.interval.ms\n\
         \tgroup.streams.assignment.interval.ms\n\
         \tleader.replication.throttled.rate\n\
         \tlistener.security.protocol.map\n\
         \tlisteners\n\
         \tlog.cleaner.backoff.ms\n\
         \tlog.cleaner.dedupe.buffer.size\n\
         \tlog.cleaner.delete.retention.ms\n\
         \tlog.cleaner.io.buffer.load.factor\n\
         \tlog.cleaner.io.buffer.size\n\
         \tlog.cleaner.io.max.bytes.per.second\n\
         \tlog.cleaner.max.compaction.lag.ms\n\
         \tlog.cleaner.min.cleanable.ratio\n\
         \tlog.cleaner.min.compaction.lag.ms\n\
         \tlog.cleaner.threads\n\
         \tlog.cleanup.policy\n\
         \tlog.flush.interval.messages\n\
         \tlog.flush.interval.ms\n\
         \tlog.index.interval.bytes\n\
         \tlog.index.size.max.bytes\n\
         \tlog.local.retention.bytes\n\
         \tlog.local.retention.ms\n\
         \tlog.message.timestamp.after.max.ms\n\
         \tlog.message.timestamp.before.max.ms\n\
         \tlog.message.timestamp.type\n\
         \tlog.preallocate\n\
         \tlog.retention.bytes\n\
         \tlog.retention.ms\n\
         \tlog.roll.jitter.ms\n\
         \tlog.roll.ms\n\
         \tlog.segment.bytes\n\
         \tlog.segment.delete.delay.ms\n\
         \tmax.connection.creation.rate\n\
         \tmax.connections\n\
         \tmax.connections.per.ip\n\
         \tmax.connections.per.ip.overrides\n\
         \tmessage.max.bytes\n\
         \tmetric.reporters\n\
         \tmin.insync.replicas\n\
         \tnum.io.threads\n\
         \tnum.network.threads\n\
         \tnum.recovery.threads.per.data.dir\n\
         \tnum.replica.fetchers\n\
         \tprincipal.builder.class\n\
         \tproducer.id.expiration.ms\n\
         \tremote.fetch.max.wait.ms\n\
         \tremote.list.offsets.request.timeout.ms\n\
         \tremote.log.index.file.cache.total.size.bytes\n\
         \tremote.log.manager.copier.thread.pool.size\n\
         \tremote.log.manager.copy.max.bytes.per.second\n\
         \tremote.log.manager.expiration.thread.pool.size\n\
         \tremote.log.manager.fetch.max.bytes.per.second\n\
         \tremote.log.manager.follower.thread.pool.size\n\
         \tremote.log.reader.threads\n\
         \treplica.alter.log.dirs.io.max.bytes.per.second\n\
         \tsasl.enabled.mechanisms\n\
         \tsasl.jaas.config\n\
         \tsasl.kerberos.kinit.cmd\n\
         \tsasl.kerberos.min.time.before.relogin\n\
         \tsasl.kerberos.principal.to.local.rules\n\
         \tsasl.kerberos.service.name\n\
         \tsasl.kerberos.ticket.renew.jitter\n\
         \tsasl.kerberos.ticket.renew.window.factor\n\
         \tsasl.login.refresh.buffer.seconds\n\
         \tsasl.login.refresh.min.period.seconds\n\
         \tsasl.login.refresh.window.factor\n\
         \tsasl.login.refresh.window.jitter\n\
         \tsasl.mechanism.inter.broker.protocol\n\
         \tshare.coordinator.cached.buffer.max.bytes\n\
         \tssl.cipher.suites\n\
         \tssl.client.auth\n\
         \tssl.enabled.protocols\n\
         \tssl.endpoint.identification.algorithm\n\
         \tssl.engine.factory.class\n\
         \tssl.key.password\n\
         \tssl.keymanager.algorithm\n\
         \tssl.keystore.certificate.chain\n\
         \tssl.keystore.key\n\
         \tssl.keystore.location\n\
         \tssl.keystore.password\n\
         \tssl.keystore.type\n\
         \tssl.protocol\n\
         \tssl.provider\n\
         \tssl.secure.random.implementation\n\
         \tssl.trustmanager.algorithm\n\
         \tssl.truststore.certificates\n\
         \tssl.truststore.location\n\
         \tssl.truststore.password\n\
         \tssl.truststore.type\n\
         \ttransaction.partition.verification.enable\n\
         \tunclean.leader.election.enable\n\
         For entity-type 'users': \n\
         \tSCRAM-SHA-256\n\
         \tSCRAM-SHA-512\n\
         \tconsumer_byte_rate\n\
         \tcontroller_mutation_rate\n\
         \tproducer_byte_rate\n\
         \trequest_percentage\n\
         For entity-type 'clients': \n\
         \tconsumer_byte_rate\n\
         \tcontroller_mutation_rate\n\
         \tproducer_byte_rate\n\
         \trequest_percentage\n\
         For entity-type 'ips': \n\
         \tconnection_creation_rate\n\
         For entity-type 'client-metrics': \n\
         \tinterval.ms\n\
         \tmatch\n\
         \tmetrics\n\
         For entity-type 'groups': \n\
         \tconsumer.assignment.interval.ms\n\
         \tconsumer.heartbeat.interval.ms\n\
         \tconsumer.session.timeout.ms\n\
         \tshare.assignment.interval.ms\n\
         \tshare.auto.offset.reset\n\
         \tshare.delivery.count.limit\n\
         \tshare.heartbeat.interval.ms\n\
         \tshare.isolation.level\n\
         \tshare.partition.max.record.locks\n\
         \tshare.record.lock.duration.ms\n\
         \tshare.renew.acknowledge.enable\n\
         \tshare.session.timeout.ms\n\
         \tstreams.assignment.interval.ms\n\
         \tstreams.heartbeat.interval.ms\n\
         \tstreams.initial.rebalance.delay.ms\n\
         \tstreams.num.standby.replicas\n\
         \tstreams.session.timeout.ms\n\
         Entity types 'users' and 'clients' may be specified together to update config for \
         clients of a specific user."
        ),
    ),
    Declaration::text(
        "add-config-file",
        "",
        "Path to a properties file with configs to add. See add-config for a list of valid \
         configurations.",
    ),
    Declaration::flag(
        "all",
        "List all configs for the given entity, including static configs if available.",
    ),
    Declaration::flag("alter", "Alter the configuration for the entity."),
    Declaration::text(
        "bootstrap-controller",
        "controller to connect to",
        "The Kafka controllers to connect to.",
    ),
    Declaration::text(
        "bootstrap-server",
        "server to connect to",
        "The Kafka servers to connect to.",
    ),
    Declaration::text("broker", "", "The broker's ID."),
    Declaration::flag("broker-defaults", "The config defaults for all brokers."),
    Declaration::text(
        "broker-logger",
        "",
        "The broker's ID for its logger config.",
    ),
    Declaration::text("client", "", "The client's ID."),
    Declaration::flag("client-defaults", "The config defaults for all clients."),
    Declaration::text(
        "client-metrics",
        "",
        "The client metrics config resource name.",
    ),
    Declaration::text(
        "command-config",
        "command config property file",
        "Property file containing configs to be passed to Admin Client. This is used only \
         with --bootstrap-server option for describing and altering broker configs.",
    ),
    Declaration::text("delete-config", "", "config keys to remove 'k1,k2'"),
    Declaration::flag("describe", "List configs for the given entity."),
    Declaration::flag(
        "entity-default",
        "Default entity name for clients/users/brokers/ips (applies to corresponding entity \
         type)",
    ),
    Declaration::text(
        "entity-name",
        "",
        "Name of entity (topic name/client id/user principal name/broker id/ip/client \
         metrics/group id)",
    ),
    Declaration::text(
        "entity-type",
        "",
        "Type of entity \
         (topics/clients/users/brokers/broker-loggers/ips/client-metrics/groups)",
    ),
    Declaration::text("group", "", "The group's ID."),
    HELP,
    Declaration::text("ip", "", "The IP address."),
    Declaration::flag("ip-defaults", "The config defaults for all IPs."),
    Declaration::text("topic", "", "The topic's name."),
    Declaration::text("user", "", "The user's principal name."),
    Declaration::flag("user-defaults", "The config defaults for all users."),
    VERSION,
];
