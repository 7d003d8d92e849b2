import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.ApiMessage;

/** A plain socket that speaks in frames: a size of four bytes, then as many bytes. */
final class Connection implements AutoCloseable {
    private static final int ANSWER_TIMEOUT_MS = 8_000;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final String clientId;
    private int correlation = 0;

    Connection(String host, int port, String clientId) throws IOException {
        socket.connect(new InetSocketAddress(host, port), ANSWER_TIMEOUT_MS);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(ANSWER_TIMEOUT_MS);
        in = new DataInputStream(socket.getInputStream());
        this.clientId = clientId;
    }

    /** Header and body without the size. */
    byte[] encode(Api api, short version, ApiMessage request) {
        RequestHeaderData header = new RequestHeaderData().setRequestApiKey(api.key()).setRequestApiVersion(version)
                .setCorrelationId(++correlation).setClientId(clientId);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(bytes(header, api.type().requestHeaderVersion(version)));
        frame.writeBytes(bytes(request, version));
        return frame.toByteArray();
    }

    private static byte[] bytes(ApiMessage message, short version) {
        ByteBufferAccessor accessor = MessageUtil.toByteBufferAccessor(message, version);
        byte[] bytes = new byte[accessor.buffer().remaining()];
        accessor.buffer().get(bytes);
        return bytes;
    }

    void sendFrame(byte[] frame) throws IOException {
        sendBytes(ByteBuffer.allocate(4 + frame.length).putInt(frame.length).put(frame).array());
    }

    void sendBytes(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** The next frame without its size, or null when the broker has closed the connection. */
    ByteBuffer receive() throws IOException {
        try {
            byte[] frame = new byte[in.readInt()];
            in.readFully(frame);
            return ByteBuffer.wrap(frame);
        } catch (EOFException | SocketException e) {
            if (e instanceof SocketTimeoutException) throw e;
            return null;
        }
    }

    int correlation() {
        return correlation;
    }

    void answerTimeout(int ms) throws SocketException {
        socket.setSoTimeout(ms == 0 ? ANSWER_TIMEOUT_MS : ms);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
