using OrleansLb.Silo.Verbs;

namespace OrleansLb.Silo.Tests.Verbs;

public sealed class CommandLineTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    public void Dispose()
    {
        _output.Dispose();
        _errors.Dispose();
    }

    [Theory]
    [InlineData("nope", "nope")]
    [InlineData("lab --nodes 99", "--nodes: 99 does not do; give 2 to 50.")]
    [InlineData("lab --nodes many", "many")]
    [InlineData("lab --scenario nope", "nope")]
    [InlineData("run --http 8480", "--http: '8480' is not an address with a port; write it as 127.0.0.1:8480.")]
    [InlineData("run --node A_B", "--node: 'A_B' is no node name")]
    [InlineData("run --kubeconfig a --in-cluster", "exclude each other")]
    [InlineData("run --kubeconfig a --manifests b", "--manifests is for the embedded API")]
    [InlineData("explain web", "write NAMESPACE/NAME, such as default/web.")]
    [InlineData("status --server nowhere", "--server: 'nowhere' is no address of a service")]
    [InlineData("check", "check")]
    public async Task Wrong_usage_is_said_in_one_line_and_ends_with_2(string line, string said)
    {
        var code = await Run(line);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(said, _errors.ToString(), StringComparison.Ordinal);
        Assert.All(_errors.ToString().TrimEnd().Split('\n'), error => Assert.StartsWith("orleanslb: ", error, StringComparison.Ordinal));
        Assert.Contains("--help' shows how it is used", _errors.ToString(), StringComparison.Ordinal);
        Assert.Empty(_output.ToString());
    }

    [Theory]
    [InlineData("run --link memory --manifests does-not-exist", "--manifests: there is no file or directory 'does-not-exist'.")]
    [InlineData("run --interface does-not-exist", "--interface: there is no interface 'does-not-exist' on this machine; it has ")]
    [InlineData("run --link memory --http 127.0.0.1:0 --kubeconfig does-not-exist", "the kubeconfig does-not-exist cannot be read")]
    [InlineData("status bgp --server http://127.0.0.1:1", "no service answers at http://127.0.0.1:1/")]
    [InlineData("status --server http://127.0.0.1:1", "no service answers at http://127.0.0.1:1/")]
    public async Task What_the_operator_must_mend_is_one_line_and_ends_with_1(string line, string said)
    {
        var code = await Run(line);

        Assert.Equal(ExitCode.Failed, code);
        Assert.StartsWith("orleanslb: " + said, _errors.ToString(), StringComparison.Ordinal);
        Assert.Single(_errors.ToString().TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("run --help")]
    [InlineData("lab --help")]
    [InlineData("check --help")]
    [InlineData("explain --help")]
    [InlineData("status --help")]
    [InlineData("status bgp --help")]
    public async Task Every_help_has_examples(string line)
    {
        Assert.Equal(ExitCode.Ok, await Run(line));
        Assert.Contains("Examples:\n  orleanslb ", _output.ToString().ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_lab_lists_its_scenarios()
    {
        Assert.Equal(ExitCode.Ok, await Run("lab --list"));
        Assert.Contains("can-reach", _output.ToString(), StringComparison.Ordinal);
    }

    private Task<int> Run(string line) => CommandLine.Run(line.Split(' '), _output, _errors, TestContext.Current.CancellationToken);
}
