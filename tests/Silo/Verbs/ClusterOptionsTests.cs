using OrleansLb.Silo.Verbs;

namespace OrleansLb.Silo.Tests.Verbs;

public sealed class ClusterOptionsTests
{
    [Theory]
    [InlineData("run --cluster kubernetes", "needs an API that all nodes share")]
    [InlineData("run --cluster many", "many")]
    [InlineData("run --in-cluster --silo-port 0", "--silo-port: 0 is no port; it is from 1 to 65535.")]
    [InlineData("run --in-cluster --gateway-port 65536", "--gateway-port: 65536 is no port; it is from 0 to 65535.")]
    [InlineData("run --in-cluster --silo-address 0.0.0.0", "'0.0.0.0' is not an address at which other machines reach this one")]
    [InlineData("run --in-cluster --cluster-id= ", "--cluster-id must not be empty")]
    public async Task A_wrong_option_is_told(string line, string expected)
    {
        var errors = new StringWriter();
        Assert.Equal(ExitCode.Usage, await CommandLine.Run(line.Split(' '), new StringWriter(), errors, TestContext.Current.CancellationToken));
        Assert.Contains(expected, errors.ToString(), StringComparison.Ordinal);
    }
}
