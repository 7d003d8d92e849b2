import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

/**
 * Writes what Apache Kafka answers to requests that it does not carry out: {@code getErrorResponse} of each request's class.
 *
 * <p>Refusals REQUESTS GOLDEN_DIR: for each line of REQUESTS and each version of its API a line "api version error request answer" in
 * refusals.txt; frames are in hex and without their sizes, and an answer of null, upon which a broker closes the connection, is "closed".
 * The errors take turns, so that all of them come up, unless the line names one. In errors.txt all errors: "code name message".
 */
public final class Refusals {
    private static final int CORRELATION = 7;
    private static final List<Errors> ERRORS = Arrays.stream(Errors.values()).filter(error -> error != Errors.NONE).toList();
    private static int turn = 0;

    public static void main(String[] args) throws Exception {
        Path golden = Path.of(args[1]);
        try (PrintStream out = file(golden.resolve("errors.txt"), "Errors of the protocol, by Apache Kafka 4.3.1: code, name, message.")) {
            for (Errors error : ERRORS) out.println(error.code() + " " + error + " " + error.message());
        }
        try (PrintStream out = file(golden.resolve("refusals.txt"),
                "Requests that are refused, and their answers by Apache Kafka 4.3.1's getErrorResponse: API, version, error, request, answer.")) {
            for (JsonNode line : Conformance.read(Path.of(args[0]))) {
                Api api = Api.named(line.get("api").asText());
                int to = Math.min(api.highest(), line.path("to").asInt(Short.MAX_VALUE));
                for (int version = Math.max(api.lowest(), line.path("from").asInt(0)); version <= to; version++) {
                    Errors error = line.has("error") ? Errors.valueOf(line.get("error").asText()) : ERRORS.get(turn++ % ERRORS.size());
                    write(out, api, (short) version, error, line.get("request"));
                }
            }
        }
    }

    private static void write(PrintStream out, Api api, short version, Errors error, JsonNode request) {
        ApiMessage message = Requests.build(api.type(), version, request);
        RequestHeaderData header = new RequestHeaderData().setRequestApiKey(api.key()).setRequestApiVersion(version)
                .setCorrelationId(CORRELATION).setClientId("refused");
        ByteBuffer body = bytes(message, version);
        String asked = hex(bytes(header, api.type().requestHeaderVersion(version))) + hex(body.duplicate());
        AbstractRequest parsed = AbstractRequest.parseRequest(ApiKeys.forId(api.key()), version, new ByteBufferAccessor(body)).request;
        AbstractResponse response = parsed.getErrorResponse(0, error.exception());
        String answer = "closed";
        if (response != null) {
            ResponseHeaderData responseHeader = new ResponseHeaderData().setCorrelationId(CORRELATION);
            answer = hex(bytes(responseHeader, api.type().responseHeaderVersion(version))) + hex(bytes(response.data(), version));
        }
        out.println(api.name() + " " + version + " " + error + " " + asked + " " + answer);
    }

    private static ByteBuffer bytes(ApiMessage message, short version) {
        return MessageUtil.toByteBufferAccessor(message, version).buffer();
    }

    private static String hex(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static PrintStream file(Path path, String says) throws Exception {
        PrintStream out = new PrintStream(path.toFile(), StandardCharsets.UTF_8);
        out.println("# " + says);
        return out;
    }
}
