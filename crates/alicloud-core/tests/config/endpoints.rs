//! Endpoints: of the program, of the environment, of the product.

use alicloud_core::{Client, ClientBuilder};

use crate::{ECS, KVSTORE, RAM, REGION, assert_contains, builder, client, endpoint};

const ALL: &str = "ALIBABA_CLOUD_ENDPOINT";
const ECS_ONLY: &str = "ALIBABA_CLOUD_ECS_ENDPOINT";
const VPC: &str = "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED";
const HANGZHOU: (&str, &str) = (REGION, "cn-hangzhou");

#[test]
fn follow_the_region() {
    let host = |product, region| endpoint(product, &[(REGION, region)]).unwrap();
    assert_eq!(host(&ECS, "cn-hangzhou"), "https://ecs.cn-hangzhou.aliyuncs.com");
    assert_eq!(host(&ECS, "cn-qingdao"), "https://ecs-cn-qingdao.aliyuncs.com");
    assert_eq!(host(&KVSTORE, "mars-1"), "https://r-kvstore.mars-1.aliyuncs.com");
    assert_eq!(host(&RAM, "cn-hangzhou"), "https://ram.aliyuncs.com");
    assert_eq!(endpoint(&RAM, &[]).unwrap(), "https://ram.aliyuncs.com");
    let error = endpoint(&ECS, &[]).unwrap_err();
    for part in ["no region is set", REGION, ECS_ONLY] {
        assert_contains(&error, part);
    }
    assert_contains(&endpoint(&KVSTORE, &[]).unwrap_err(), "ALIBABA_CLOUD_R_KVSTORE_ENDPOINT");
}

#[test]
fn of_variables_have_priority_over_the_region() {
    let host = |product, variables: &[_]| endpoint(product, variables).unwrap();
    let all = (ALL, "http://127.0.0.1:1");
    let one = (ECS_ONLY, "127.0.0.1:2 ");
    for product in [&ECS, &KVSTORE, &RAM] {
        assert_eq!(host(product, &[HANGZHOU, all]), "http://127.0.0.1:1");
    }
    assert_eq!(host(&ECS, &[all, one]), "https://127.0.0.1:2");
    assert_eq!(host(&RAM, &[all, one]), "http://127.0.0.1:1");
    let kvstore = ("ALIBABA_CLOUD_R_KVSTORE_ENDPOINT", "redis.example");
    assert_eq!(host(&KVSTORE, &[kvstore]), "https://redis.example");
    assert_eq!(host(&RAM, &[(ALL, " ")]), "https://ram.aliyuncs.com");
}

#[test]
fn of_the_program_have_priority_over_variables() {
    let variables = [(ECS_ONLY, "variable.example"), HANGZHOU];
    let config = builder(&variables).endpoint("eCS", "program.example").build().unwrap();
    assert_eq!(client(&ECS, &config).unwrap().endpoint(), "https://program.example");
    let client: Client =
        ClientBuilder::new(&ECS).config(&config).endpoint("client.example").build().unwrap();
    assert_eq!(client.endpoint(), "https://client.example");
}

#[test]
fn an_invalid_one_is_named_without_its_secrets() {
    for (name, value) in
        [(ECS_ONLY, "https://user:sesame@host/path"), (ALL, "socks5://user:sesame@host")]
    {
        let error = endpoint(&ECS, &[(name, value)]).unwrap_err();
        assert_contains(&error, &format!("{name}: the endpoint "));
        assert!(!error.contains("sesame"), "{error}");
        let config = builder(&[(name, value)]).build().unwrap();
        assert!(!format!("{config:?}").contains("sesame"), "{config:?}");
    }
    // Clients of other products do not need it.
    assert!(endpoint(&RAM, &[(ECS_ONLY, "a b")]).is_ok());
}

#[test]
fn of_the_private_network_follow_the_rule() {
    let host = |product, variables: &[_]| endpoint(product, variables).unwrap();
    for on in ["true", "True", "1", "yes", "on"] {
        assert_eq!(host(&ECS, &[HANGZHOU, (VPC, on)]), "https://ecs-vpc.cn-hangzhou.aliyuncs.com");
    }
    for off in ["false", "0", "no", "off", ""] {
        assert_eq!(host(&ECS, &[HANGZHOU, (VPC, off)]), "https://ecs.cn-hangzhou.aliyuncs.com");
    }
    let kind = "ALIBABA_CLOUD_ENDPOINT_TYPE";
    assert_eq!(host(&ECS, &[HANGZHOU, (kind, "vpc")]), "https://ecs-vpc.cn-hangzhou.aliyuncs.com");
    assert_eq!(
        host(&ECS, &[HANGZHOU, (kind, "vpc"), (VPC, "false")]),
        "https://ecs.cn-hangzhou.aliyuncs.com"
    );
    let error = endpoint(&ECS, &[HANGZHOU, (kind, "internal")]).unwrap_err();
    assert_contains(&error, "ALIBABA_CLOUD_ENDPOINT_TYPE is \"internal\"; set it to vpc or public");
    // The table has public hosts only; a product with one host has no private one.
    let qingdao = [(REGION, "cn-qingdao"), (VPC, "true")];
    assert_eq!(host(&ECS, &qingdao), "https://ecs-vpc.cn-qingdao.aliyuncs.com");
    assert_eq!(host(&RAM, &qingdao), "https://ram.aliyuncs.com");
    let config = builder(&[HANGZHOU, (VPC, "true")]).vpc_endpoints(false).build().unwrap();
    assert_eq!(client(&ECS, &config).unwrap().endpoint(), "https://ecs.cn-hangzhou.aliyuncs.com");
}
