namespace OrleansLb.Api.Tests.Cel;

public class SyntaxTests
{
    [Theory]
    [InlineData("1 + 2 * 3 == 7")]
    [InlineData("(1 + 2) * 3 == 9")]
    [InlineData("10 - 3 - 2 == 5")]
    [InlineData("20 / 2 / 5 == 2")]
    [InlineData("-2 * 3 == -6")]
    [InlineData("--4 == 4")]
    [InlineData("!!true")]
    [InlineData("!false && true || false")]
    [InlineData("false || true && true")]
    [InlineData("true ? true : false ? false : false")]
    [InlineData("(false ? 1 : true ? 2 : 3) == 2")]
    [InlineData("-9223372036854775808 < 0")]
    [InlineData("0xFF == 255 && -0x10 == -16")]
    [InlineData("0xFFu == 255u && 7U == 7u")]
    [InlineData("1.5e3 == 1500.0 && .5 == 0.5 && 2e-1 == 0.2")]
    [InlineData("[1, 2, 3,].size() == 3")]
    [InlineData("{'a': 1, 'b': 2,}.size() == 2")]
    [InlineData("{dyn(1): 'x', true: 'y', 'k': 'z'}[true] == 'y'")]
    [InlineData("[[1], [2, 3]][1][0] == 2")]
    [InlineData("1 in [1, 2] && !('c' in {'a': 1})")]
    [InlineData("true // with a comment\n && true")]
    [InlineData("  \t\n true\r\n")]
    [InlineData(".size([1]) == 1")]
    public void Expressions_mean_what_the_grammar_says(string rule) => Assert.Equal(Expressions.True, Expressions.Outcome(rule));

    [Theory]
    [InlineData(@"'a\'b' == ""a'b""")]
    [InlineData(@"""\u00e9\U0001F600"".size() == 2")]
    [InlineData(@"'\x41\101\n'.size() == 3")]
    [InlineData(@"r'\d' == '\\d'")]
    [InlineData(@"R""\n"".size() == 2")]
    [InlineData("'''it's\ntwo lines''' == \"it's\\ntwo lines\"")]
    [InlineData("\"\"\"say \"hi\" \"\"\" == 'say \"hi\" '")]
    [InlineData(@"b'\xff\000'.size() == 2")]
    [InlineData("b'é'.size() == 2 && 'é'.size() == 1")]
    [InlineData(@"rb'\x'.size() == 2 && bR'\x'.size() == 2")]
    [InlineData(@"'\a\b\f\n\r\t\v\\\?\""\`'.size() == 11")]
    public void Literals_are_read(string rule) => Assert.Equal(Expressions.True, Expressions.Outcome(rule));

    [Theory]
    [InlineData("", "Syntax error: unexpected '<EOF>'")]
    [InlineData("1 +", "Syntax error: unexpected '<EOF>'")]
    [InlineData("(true", "Syntax error: unexpected '<EOF>'")]
    [InlineData("true true", "Syntax error: unexpected 'true'")]
    [InlineData("self.", "Syntax error: unexpected '<EOF>'")]
    [InlineData("a ? b", "Syntax error: unexpected '<EOF>'")]
    [InlineData("[1, , 2]", "Syntax error: unexpected ','")]
    [InlineData("{'a' 1}", "Syntax error: unexpected '1'")]
    [InlineData("1 = 2", "token recognition error at: '='")]
    [InlineData("'open", "token recognition error at: ''open'")]
    [InlineData("'line\nbreak'", "token recognition error")]
    [InlineData(@"'\q'", "invalid escape sequence")]
    [InlineData(@"'\ud800'", "invalid escape sequence")]
    [InlineData("9223372036854775808", "Syntax error: unexpected '9223372036854775808'")]
    [InlineData("99999999999999999999", "invalid int literal")]
    [InlineData("18446744073709551616u", "invalid uint literal")]
    [InlineData("namespace == 'x'", "reserved identifier: namespace")]
    [InlineData("has(self)", "invalid argument to has() macro")]
    [InlineData("self.all(x.y, true)", "argument must be a simple name")]
    [InlineData("Message{a: 1}", "undeclared reference to 'Message'")]
    [InlineData("foo == 1", "undeclared reference to 'foo' (in container '')")]
    [InlineData("nosuch(1)", "undeclared reference to 'nosuch' (in container '')")]
    [InlineData("1 + 'a' == 2", "found no matching overload for '_+_' applied to '(int, string)'")]
    [InlineData("'a'.startsWith(1)", "found no matching overload for 'startsWith' applied to 'string.(int)'")]
    [InlineData("1 == 'a'", "found no matching overload for '_==_' applied to '(int, string)'")]
    [InlineData("[1].all(x, x)", "expected type 'bool' but found 'int'")]
    [InlineData("5 + 5", "must evaluate to a bool")]
    [InlineData("[1, 'a'].size() == 2", "expected type 'int' but found 'string'")]
    [InlineData("{'a': 1, 'b': false}.size() == 2", "expected type 'int' but found 'bool'")]
    [InlineData("['a', 'b'].sum() == 'c'", "found no matching overload for 'sum' applied to 'list(string).()'")]
    [InlineData("'a' == null", "found no matching overload for '_==_' applied to '(string, null)'")]
    [InlineData("duration('1us') < duration('1nns')", "<input>:1:28: invalid duration argument")]
    [InlineData("timestamp('1000-00-00T00:00:00Z') < timestamp(0)", "<input>:1:11: invalid timestamp argument")]
    [InlineData("'a'.matches(')')", "<input>:1:13: invalid matches argument")]
    [InlineData("'a' in 'abc'", "found no matching overload for '@in'")]
    public void What_cannot_be_is_refused_with_the_reason(string rule, string reason)
    {
        var outcome = Expressions.Outcome(rule);
        Assert.StartsWith("refused: ", outcome, StringComparison.Ordinal);
        Assert.Contains(reason, outcome, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_is_shown_at_its_place() =>
        Assert.Equal("refused: ERROR: <input>:2:4: undeclared reference to 'foo' (in container '')\n | && foo\n | ...^", Expressions.Outcome("true\n&& foo"));

    [Theory]
    [InlineData("(")]
    [InlineData("[")]
    [InlineData("{1:")]
    [InlineData("!(")]
    [InlineData("true ? true : ")]
    public void Nesting_beyond_the_limit_is_refused(string open) =>
        Assert.Contains("recursion limit", Expressions.Outcome(string.Concat(Enumerable.Repeat(open, 5000))), StringComparison.Ordinal);

    [Fact]
    public void A_long_chain_of_operators_is_refused_and_a_long_chain_of_terms_is_not()
    {
        Assert.Contains("recursion limit", Expressions.Outcome($"{string.Join(" + ", Enumerable.Repeat("1", 5000))} > 0"), StringComparison.Ordinal);
        Assert.Equal(Expressions.True, Expressions.Outcome(string.Join(" && ", Enumerable.Repeat("true", 5000))));
    }
}
