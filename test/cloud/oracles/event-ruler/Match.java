import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import software.amazon.event.ruler.Machine;

/**
 * Reads lines of {"pattern": …, "event": …} and prints, for each, what AWS's Event Ruler says: true, false, or
 * why it refuses the pattern. A machine of its own for each pair: patterns must not know each other.
 */
public final class Match {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(JSON.writeValueAsString(verdict(JSON.readTree(line))));
        }
        out.flush();
    }

    private static Object verdict(JsonNode pair) {
        try {
            Machine machine = Machine.builder().build();
            machine.addRule("rule", pair.get("pattern").toString());
            return !machine.rulesForJSONEvent(pair.get("event").toString()).isEmpty();
        } catch (Exception refused) {
            return refused.getClass().getSimpleName() + ": " + refused.getMessage();
        }
    }
}
