using OrleansLb.Api.Tests.Fixtures;

namespace OrleansLb.Api.Tests.Kubectl;

public sealed class GetTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Get_shows_services_as_users_know_them()
    {
        using var kubectl = new Kubectl(api.Server.BaseAddress);
        await kubectl.RunAsync("create", "-f", kubectl.FilePath("svc.yaml", """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
            """));

        var table = await kubectl.RunAsync("get", "svc");

        Assert.Matches(@"NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE", table);
        Assert.Matches(@"web +LoadBalancer +10\.96\.\d+\.\d+ +<pending> +80:3\d{4}/TCP +\d+s", table);
    }
}
