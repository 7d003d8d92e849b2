import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.Exit;

/**
 * Runs the main classes of Apache Kafka's tools one after the other in one JVM, which saves each a start of about a second.
 *
 * <p>Standard input carries commands: a count, the main class and its arguments as that many strings, and what the tool is
 * to read. Standard output carries for each its exit code and what it wrote to standard output and standard error.
 */
public final class Tools {
    /** A tool's wish to end the process: it unwinds the tool, whose finally blocks close its clients. */
    private static final class Ended extends RuntimeException { }

    /** The exit code that the tool first asked for; what it does afterwards, a process of its own would not have done. */
    private static Integer exitCode;
    /** What the tool does at the end of its process: the console producer sends its last messages there. */
    private static final List<Runnable> HOOKS = new ArrayList<>();
    private static int outSize;
    private static int errSize;
    private static ByteArrayOutputStream out;
    private static ByteArrayOutputStream err;

    public static void main(String[] unused) throws IOException {
        DataInputStream commands = new DataInputStream(System.in);
        DataOutputStream results = new DataOutputStream(System.out);
        Exit.setExitProcedure((code, message) -> {
            // As in a process of its own, where the message is for tests of Kafka's own only.
            if (exitCode == null) {
                end(code);
            }
            throw new Ended();
        });
        Exit.setShutdownHookAdder((name, hook) -> HOOKS.add(hook));
        while (true) {
            String[] words;
            try {
                words = new String[commands.readInt()];
            } catch (EOFException end) {
                System.exit(0);
                return;
            }
            for (int i = 0; i < words.length; i++) {
                words[i] = commands.readUTF();
            }
            System.setIn(new ByteArrayInputStream(commands.readUTF().getBytes(StandardCharsets.UTF_8)));
            out = new ByteArrayOutputStream();
            err = new ByteArrayOutputStream();
            System.setOut(new PrintStream(out, true));
            System.setErr(new PrintStream(err, true));
            exitCode = null;
            run(words[0], Arrays.copyOfRange(words, 1, words.length));
            results.writeInt(exitCode);
            results.writeInt(outSize);
            results.write(out.toByteArray(), 0, outSize);
            results.writeInt(errSize);
            results.write(err.toByteArray(), 0, errSize);
            results.flush();
        }
    }

    private static void run(String tool, String[] arguments) {
        int code = 0;
        try {
            Class.forName(tool).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException failure) {
            if (exitCode == null) {
                System.err.print("Exception in thread \"main\" ");
                failure.getCause().printStackTrace();
            }
            code = 1;
        } catch (ReflectiveOperationException failure) {
            failure.printStackTrace();
            code = 1;
        }
        HOOKS.forEach(Runnable::run);
        HOOKS.clear();
        if (exitCode == null) {
            end(code);
        }
    }

    private static void end(int code) {
        exitCode = code;
        outSize = out.size();
        errSize = err.size();
    }

    private Tools() { }
}
